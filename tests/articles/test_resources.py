"""Books and resources: one record for several posts, checked when it is written, shown as a plain link."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from articles.models import Article, Recommendation, Resource
from tests.articles.test_admin import errors_of
from tests.conftest import signed_in
from tests.factories import make_article, make_resource

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/resource/add/"


def test_one_record_serves_several_posts_each_in_its_own_order(client: Client) -> None:
    first, second = make_article(), make_article()
    book = make_resource(
        first, second, title="Slow <i>mornings</i>", authors="Ann Lee", publisher="Quiet Press", year=2016,
        isbn="0-306-40615-2", link="https://example.org/book", note="For bad days.",
    )  # fmt: skip
    leaflet = make_resource(second, title="Leaflet", kind="leaflet")
    Recommendation.objects.filter(article=second, resource=book).update(position=2)
    one, two = (client.get(post.get_absolute_url()).content.decode() for post in (first, second))
    shown = '<a href="https://example.org/book">Slow &lt;i&gt;mornings&lt;/i&gt;</a>'
    for words in (shown, "Ann Lee", "Quiet Press", "2016", "ISBN 9780306406157", "For bad days."):
        assert words in one, words
        assert words in two, words
    assert "Plain links: nobody pays us" in one
    assert leaflet.title not in one
    assert "<cite>Leaflet</cite>" in two
    assert two.index("<cite>Leaflet</cite>") < two.index(shown)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"isbn": "978-0-306-40615-8"}, "one of its digits is wrong"),
        ({"link": "http://example.org/"}, "beginning with https://"),
        ({"link": "https://shop.example/?tag=us-21"}, "somebody is paid or followed"),
        ({"year": "16"}, "four digits"),
        ({"year": "2028"}, "four digits"),
        ({"title": ""}, "required"),
        ({"kind": "song"}, "valid choice"),
    ],
)
def test_a_wrong_form_is_refused_with_a_sentence_and_nothing_is_stored(
    editor: User, fields: dict[str, str], sentence: str
) -> None:
    form = {"kind": "book", "title": "Slow mornings", "note": "Kept words.", **fields}
    response = signed_in(editor).post(ADD, form)
    assert sentence in errors_of(response)
    assert "Kept words." in response.content.decode()
    assert not Resource.objects.exists()


def test_the_same_book_typed_in_its_short_form_is_the_same_book(editor: User) -> None:
    desk = signed_in(editor)
    form = {"kind": "book", "title": "Slow mornings", "isbn": "978-0-306-40615-7"}
    assert desk.post(ADD, form).status_code == 302
    assert "here already" in errors_of(desk.post(ADD, {**form, "isbn": "0306406152"}))
    assert Resource.objects.count() == 1


def test_moderators_and_strangers_write_no_resources(client: Client, moderator: User) -> None:
    form = {"kind": "book", "title": "Slow mornings"}
    assert client.post(ADD, form).status_code == 302
    assert signed_in(moderator).post(ADD, form).status_code == 403
    assert not Resource.objects.exists()


def test_the_verb_judges_as_well_and_the_database_keeps_a_book_once(article: Article) -> None:
    with pytest.raises(ValidationError):
        make_resource(link="https://bit.ly/x")
    book = make_resource(article, isbn="9780306406157")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_resource(isbn="0306406152")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.create(article=article, resource=book)
    make_resource()
    make_resource()  # many may have no number at all
    assert Resource.objects.count() == 3
    assert str(article.recommendations.get()) == f"{book.title} (book)"
