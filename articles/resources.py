"""Everything that changes the books and resources, and which posts name them. Each verb moves the stamps of those posts."""

from collections.abc import Iterable

from django.db import transaction

from fibroblog import pages
from fibroblog.safety import make_plain

from .isbn import normal
from .models import Recommendation, Resource
from .plain_links import plain_link


@transaction.atomic
def save_resource(resource: Resource) -> Resource:
    """Raises ValidationError for a wrong ISBN or a link that readers should not be sent to."""
    make_plain(resource, "title", "authors", "publisher", "note")
    resource.isbn, resource.link = normal(resource.isbn), plain_link(resource.link)
    resource.save()
    _moved([resource])
    return resource


@transaction.atomic
def delete_resources(resources: Iterable[Resource]) -> None:
    gone = list(resources)
    _moved(gone)
    for resource in gone:
        resource.delete()


@transaction.atomic
def recommend(recommendation: Recommendation) -> Recommendation:
    """Let a post name a resource, or change the order of those that it names."""
    recommendation.save()
    pages.changed(article=recommendation.article_id)
    return recommendation


@transaction.atomic
def stop_recommending(recommendations: Iterable[Recommendation]) -> None:
    posts = []
    for recommendation in recommendations:
        posts.append(recommendation.article_id)
        recommendation.delete()
    pages.changed(articles=posts)


def _moved(resources: Iterable[Resource]) -> None:
    posts = Recommendation.objects.filter(resource__in=list(resources))
    pages.changed(articles=posts.values_list("article_id", flat=True))
