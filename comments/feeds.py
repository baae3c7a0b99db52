"""Atom feeds of visible comments, by when readers could first see them: of the site, of a post, below a comment."""

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
from .querysets import CommentQuerySet

LENGTH = 50


class CommentFeed(Feed[Comment, Any]):
    feed_type = Atom1Feed
    subtitle = "Comments that a moderator has let through."
    link = "/"

    def title(self, obj: Any) -> str:
        return f"Comments on {obj or settings.SITE_NAME}"

    def items(self, obj: Any) -> Any:
        return self.comments(obj).last_shown().select_related("article")[:LENGTH]

    def comments(self, obj: Any) -> CommentQuerySet:
        return Comment.objects.filter(article__in=Article.objects.visible())

    def item_guid(self, item: Any) -> str:
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:comment:{item.public_id}"

    def item_title(self, item: Any) -> str:
        return f"{item.name} on {item.article.title}"

    def item_description(self, item: Any) -> str:
        return str(item.html)

    def item_author_name(self, item: Any) -> str:
        return str(item.name)

    def item_pubdate(self, item: Any) -> datetime:
        shown: datetime = item.shown_at
        return shown

    def item_updateddate(self, item: Any) -> datetime:
        updated: datetime = max(item.shown_at, item.edited_at or item.shown_at)
        return updated


class ArticleCommentFeed(CommentFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Article:
        article: Article = get_object_or_404(Article.objects.visible().at(slug))
        return article

    def link(self, obj: Article) -> str:  # type: ignore[override]  # Django takes a text or a method
        return obj.get_absolute_url()

    def comments(self, obj: Article) -> CommentQuerySet:
        return Comment.objects.filter(article=obj)


class ReplyFeed(CommentFeed):
    subtitle = "Every reply below one comment."

    def get_object(self, request: HttpRequest, slug: str, public_id: str) -> Comment:
        articles = Article.objects.visible().at(slug)
        shown = Comment.objects.visible().filter(article__in=articles).select_related("article")
        comment: Comment = get_object_or_404(shown, public_id=public_id)
        return comment

    def title(self, obj: Comment) -> str:
        return f"Replies to {obj.name} on {obj.article}"

    def link(self, obj: Comment) -> str:  # type: ignore[override]
        return obj.get_absolute_url()

    def comments(self, obj: Comment) -> CommentQuerySet:
        return Comment.objects.descendants_of(obj)


all_comments = polled(CommentFeed())
of_article = polled(ArticleCommentFeed())
below_comment = polled(ReplyFeed())
