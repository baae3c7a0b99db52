"""Atom feeds of visible comments: of the whole site, and of one post."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed

from articles.feeds import polled
from articles.models import Article

from .models import Comment

LENGTH = 50


class CommentFeed(Feed[Comment, Any]):
    feed_type = Atom1Feed
    subtitle = "Comments that a moderator has let through."
    link = "/"

    def title(self, obj: Any) -> str:
        return f"Comments on {obj or settings.SITE_NAME}"

    def items(self, obj: Any) -> Any:
        articles = [obj] if obj else Article.objects.visible()
        comments = Comment.objects.visible().filter(article__in=articles)
        return comments.select_related("article").order_by("-created_at")[:LENGTH]

    def item_guid(self, item: Any) -> str:
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:comment:{item.public_id}"

    def item_title(self, item: Any) -> str:
        return f"{item.name} on {item.article.title}"

    def item_description(self, item: Any) -> str:
        return str(item.html)

    def item_author_name(self, item: Any) -> str:
        return str(item.name)

    def item_pubdate(self, item: Any) -> datetime:
        created: datetime = item.created_at
        return created

    def item_updateddate(self, item: Any) -> datetime:
        return item.edited_at or self.item_pubdate(item)


class ArticleCommentFeed(CommentFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Article:
        article: Article = get_object_or_404(Article.objects.visible().at(slug))
        return article

    def link(self, obj: Article) -> str:  # type: ignore[override]  # Django takes a text or a method
        return obj.get_absolute_url()


all_comments = polled(CommentFeed())
of_article = polled(ArticleCommentFeed())
