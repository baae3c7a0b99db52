from django.urls import path

from . import feeds, views

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("topics/", views.topics, name="topics"),
    path("tags/<slug:slug>/", views.tag, name="tag"),
    path("archive/", views.archive_index, name="archive-index"),
    path("archive/<int:year>/", views.archive, name="archive"),
    path("words/", views.words, name="words"),
    path("feeds/articles.atom", feeds.articles, name="articles-feed"),
    path("about/", views.page, {"slug": "about"}, name="about"),
    path("comment-policy/", views.page, {"slug": "comment-policy"}, name="comment-policy"),
    path("privacy/", views.page, {"slug": "privacy"}, name="privacy"),
    path("accessibility/", views.page, {"slug": "accessibility"}, name="accessibility"),
]
