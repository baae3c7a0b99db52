from django.urls import path

from . import feeds
from .views import mine, public

urlpatterns = [
    path("feeds/comments.atom", feeds.all_comments, name="comments-feed"),
    path("articles/<slug:slug>/comments.atom", feeds.of_article, name="article-comments-feed"),
    path("articles/<slug:slug>/comments/", public.post, name="post-comment"),
    path("articles/<slug:slug>/comments/withdraw/", mine.withdraw_by_code, name="withdraw-by-code"),
    path("articles/<slug:slug>/comments/<slug:public_id>/", public.comment_page, name="comment"),
    path("articles/<slug:slug>/comments/<slug:public_id>/edit/", mine.edit, name="edit-comment"),
    path("articles/<slug:slug>/comments/<slug:public_id>/withdraw/", mine.withdraw, name="withdraw-comment"),
]
