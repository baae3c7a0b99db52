from django.urls import path

from . import feeds, views

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("topics/", views.topics, name="topics"),
    path("tags/<slug:slug>/", views.tag, name="tag"),
    path("authors/<slug:slug>/", views.author, name="author"),
    path("series/<slug:slug>/", views.series, name="series"),
    path("archive/", views.archive_index, name="archive-index"),
    path("archive/<int:year>/", views.archive, name="archive"),
    path("words/", views.words, name="words"),
    path("feeds/articles.atom", feeds.articles, name="articles-feed"),
    path("feeds/articles.json", feeds.articles_json, name="articles-json"),
    path("feeds/tags/<slug:slug>.atom", feeds.of_tag, name="tag-feed"),
    path("feeds/authors/<slug:slug>.atom", feeds.by_author, name="author-feed"),
    path("feeds/search.atom", feeds.found, name="search-feed"),
    path("about/", views.page, {"slug": "about"}, name="about"),
    path("comment-policy/", views.page, {"slug": "comment-policy"}, name="comment-policy"),
    path("privacy/", views.page, {"slug": "privacy"}, name="privacy"),
    path("accessibility/", views.page, {"slug": "accessibility"}, name="accessibility"),
]
