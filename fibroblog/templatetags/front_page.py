"""What the admin's front page says first: what waits, and what is begun."""

from datetime import datetime

from django import template
from django.contrib.auth.models import User
from django.db.models import Min

from articles.models import Article, Notice
from comments.models import Comment
from fibroblog.models import ContactMessage

register = template.Library()


@register.simple_tag
def front_page() -> dict[str, int | bool | datetime | None]:
    waiting = Comment.objects.waiting()
    return {
        "waiting": waiting.count(),
        "oldest": waiting.aggregate(at=Min("created_at"))["at"],
        "reported": Comment.objects.reported().count(),
        "posts": Article.objects.count(),
        "notices": Notice.objects.open().count(),
        "messages": ContactMessage.objects.count(),
        "told": User.objects.filter(is_superuser=True, is_active=True).exclude(email="").exists(),
        "overdue": Article.objects.review_overdue().count(),
        "drafts": Article.objects.filter(status=Article.Status.DRAFT).count(),
    }
