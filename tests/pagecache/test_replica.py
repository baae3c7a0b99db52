"""A replica makes pages only when it has what they are made from; everybody else reads the primary."""

from typing import Any

import pytest

from articles.models import Article
from fibroblog import replicas
from fibroblog.pagecache.stamps import Stamps, stamps
from fibroblog.replicas import Router, reading_replica
from tests.factories import make_article
from tests.pagecache.test_layer import PATH, Site

pytestmark = pytest.mark.usefixtures("real_transactions")


class Behind:
    """A replica that has not seen the last change."""

    def versions(self, names: tuple[str, ...]) -> tuple[int, ...]:
        first, *rest = stamps().versions(names)
        return (first - 1, *rest)


@pytest.fixture
def post() -> Article:
    return make_article(slug="rest", title="Does rest help?")


def read_from(site: Site, replica: Stamps | None, path: str, query: str = "") -> list[str]:
    """Which database the page was made from."""
    read = []

    def watched(environ: dict[str, Any], start_response: Any) -> Any:
        read.append(replicas.for_reading())
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"A page"]

    site.layer._app, site.layer._replica = watched, replica  # type: ignore[assignment]
    assert site.get(path, query).status == 200
    return read


def test_one_that_caught_up_makes_the_page(post: Article) -> None:
    assert read_from(Site(), stamps(), PATH) == ["replica"]
    assert replicas.for_reading() == "default", "only while the page is made"


def test_one_that_is_behind_does_not(post: Article) -> None:
    assert read_from(Site(), Behind(), PATH) == ["default"]


def test_without_one_the_primary_makes_it(post: Article) -> None:
    assert read_from(Site(), None, PATH) == ["default"]


def test_whoever_has_something_of_their_own_reads_the_primary(post: Article) -> None:
    assert read_from(Site(), stamps(), PATH, query="sent=abcdefghj") == ["default"]
    assert read_from(Site(), stamps(), "/search/", query="q=rest") == ["default"]


def test_the_router_leads_only_reads_there_and_only_then() -> None:
    router = Router()
    assert (router.db_for_read(Article), router.db_for_write(Article)) == (None, "default")
    with reading_replica():
        assert (router.db_for_read(Article), router.db_for_write(Article)) == ("replica", "default")
    assert router.db_for_read(Article) is None
    assert router.allow_migrate("replica", "articles") is False
    assert router.allow_migrate("default", "articles") is None


def test_settings_know_no_replica_by_default() -> None:
    assert not replicas.is_there()
