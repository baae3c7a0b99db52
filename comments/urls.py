from django.urls import path

from . import feeds
from .views import addresses, appeals, dashboard, desk_links, mine, person, presses, public, reports

urlpatterns = [
    path("moderation-report/", dashboard.moderation_report, name="moderation-report"),
    path("feeds/comments.atom", feeds.all_comments, name="comments-feed"),
    path("articles/<slug:slug>/comments.atom", feeds.of_article, name="article-comments-feed"),
    path("articles/<slug:slug>/comments/", public.post, name="post-comment"),
    path("articles/<slug:slug>/comments/with-you/", presses.with_you, name="with-you"),
    path("articles/<slug:slug>/comments/withdraw/", mine.by_code, name="comment-by-code"),
    path("articles/<slug:slug>/comments/follow/", addresses.follow, name="follow"),
    path("articles/<slug:slug>/comments/<slug:public_id>/", public.comment_page, name="comment"),
    path(
        "articles/<slug:slug>/comments/<slug:public_id>/replies.atom",
        feeds.below_comment,
        name="replies-feed",
    ),
    path("articles/<slug:slug>/comments/<slug:public_id>/edit/", mine.edit, name="edit-comment"),
    path("articles/<slug:slug>/comments/<slug:public_id>/report/", reports.report, name="report-comment"),
    path("articles/<slug:slug>/comments/<slug:public_id>/withdraw/", mine.withdraw, name="withdraw-comment"),
    path(
        "articles/<slug:slug>/comments/<slug:public_id>/anonymous/", mine.anonymise, name="anonymise-comment"
    ),
    path("articles/<slug:slug>/comments/<slug:public_id>/appeal/<str:token>/", appeals.appeal, name="appeal"),
    path("my-comments/", person.ask_for_page, name="ask-for-page"),
    path("my-comments/<str:token>/", person.own_page, name="own-page"),
    path("my-comments/<str:token>/my-comments.json", person.download, name="download"),
    path("my-comments/<str:token>/erase/", person.erase, name="erase"),
    path("my-comments/<str:token>/renew-links/", person.renew_links, name="renew-links"),
    path("my-comments/<str:token>/unfollow/<int:subscription>/", person.unfollow, name="unfollow"),
    path("mail/confirm/<str:token>/", addresses.confirm, name="confirm"),
    path("mail/never/<str:token>/", addresses.refuse, name="refuse"),
    path(
        "mail/desk/<slug:do>/<int:moderator>/<str:token>/", desk_links.decide_by_mail, name="decide-by-mail"
    ),
    path("mail/stop/<slug:what>/<str:token>/", addresses.stop_mail, name="stop-mail"),
]
