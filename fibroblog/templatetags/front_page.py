"""What the admin's front page says first: what waits, and what is begun."""

from datetime import datetime

from django import template
from django.db.models import Min

from articles.models import Article
from comments.models import Comment

register = template.Library()


@register.simple_tag
def front_page() -> dict[str, int | datetime | None]:
    waiting = Comment.objects.waiting()
    return {
        "waiting": waiting.count(),
        "oldest": waiting.aggregate(at=Min("created_at"))["at"],
        "drafts": Article.objects.filter(status=Article.Status.DRAFT).count(),
    }
