"""What the search is told about posts. Drafts are not told of; posts to come are, and found when their time has come."""

from collections.abc import Iterable, Iterator

from fibroblog.search import index
from fibroblog.search.index import Document
from fibroblog.search.models import Kind

from .models import Article
from .querysets import ArticleQuerySet


def documents(articles: ArticleQuerySet) -> Iterator[Document]:
    published = articles.filter(status=Article.Status.PUBLISHED).prefetch_related("authors", "tags")
    for article in published.order_by("published_at", "pk").iterator(chunk_size=index.BATCH):
        names = [str(owner) for owner in (*article.tags.all(), *article.authors.all())]
        yield Document(
            kind=Kind.ARTICLE,
            key=article.pk,
            article=article.pk,
            at=article.published_at or article.created_at,
            title=article.title,
            head="\n".join([article.finding, article.key_points, article.short_version, *names]),
            body="\n".join([article.text, article.unknowns, article.doctor_first]),
        )


def update(articles: Iterable[int]) -> None:
    """Posts (by id) that changed: the index follows, in the same transaction."""
    changed = Article.objects.filter(pk__in=set(articles))
    index.put(documents(changed))
    index.drop(Kind.ARTICLE, changed.exclude(status=Article.Status.PUBLISHED).values_list("pk", flat=True))
