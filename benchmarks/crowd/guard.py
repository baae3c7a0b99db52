"""Whether a site is for trying out, so that nobody pours a crowd over their own blog."""

from django.conf import settings
from django.contrib.auth.models import User

from articles.models import Article
from benchmarks.crowd import filling
from fibroblog import demo


def why_not() -> str:
    """Why this may be somebody's own site; empty where it is the demo's, or has nothing yet."""
    if not settings.LOCAL:
        return f"{settings.SITE_URL} is a public address."
    of_the_demo = User.objects.filter(email__endswith=f"@{demo.MAIL_DOMAIN}")
    if User.objects.exclude(pk__in=of_the_demo).exists():
        return "It has accounts that the demo did not bring."
    if not of_the_demo.exists() and Article.objects.exclude(pk__in=filling.posts()).exists():
        return "It has posts, but not the demo's accounts."
    return ""
