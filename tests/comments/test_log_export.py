"""The log as a table: what its list shows, on all pages, harmless to spreadsheets."""

import csv

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article
from comments import log_export, moderation
from comments.models import Comment
from comments.moderation import Seen
from comments.states import State
from tests.conftest import signed_in
from tests.factories import make_comment, make_staff

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/comments/decision/export/"


def table(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(ADDRESS + query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(text.splitlines()))


def decided(article: Article, by: User, to: State) -> Comment:
    comment = make_comment(article, state=State.PENDING, name="Wren", body="Words of the writer")
    moderation.move(comment, to, by=by, seen=Seen.of(comment), note="Words of the moderator")
    return comment


def test_each_entry_is_a_line_with_who_when_and_what(article: Article, moderator: User) -> None:
    comment = decided(article, moderator, State.DECLINED)
    (line,) = table(signed_in(moderator))
    assert (line["who"], line["comment"]) == ("mo", comment.public_id)
    assert (line["from"], line["to"], line["text"]) == ("pending", "declined", "1")
    assert line["at"] == "2026-03-03T09:00:00+00:00"
    assert not any("Words of" in cell or "Wren" in cell for cell in line.values())


def test_it_holds_what_the_list_is_filtered_to(article: Article, moderator: User) -> None:
    decided(article, moderator, State.DECLINED)
    spam = decided(article, moderator, State.SPAM)
    assert [line["comment"] for line in table(signed_in(moderator), "?to__exact=spam")] == [spam.public_id]


def test_a_nonsense_filter_leads_back_to_the_list(moderator: User) -> None:
    response = signed_in(moderator).get(f"{ADDRESS}?at__year=never")
    assert response.status_code == 302
    assert response["Location"] == "/admin/comments/decision/"


def test_a_name_cannot_be_a_formula(article: Article, moderator: User) -> None:
    decided(article, make_staff("@SUM(1,2)", "Moderators"), State.SPAM)
    assert table(signed_in(moderator))[0]["who"] == "'@SUM(1,2)"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_cells_that_a_spreadsheet_would_run_begin_with_an_apostrophe(cell: str) -> None:
    assert log_export.harmless(cell) == f"'{cell}"
    assert log_export.harmless("Wren") == "Wren"


def test_the_list_leads_to_its_file_with_its_filters(moderator: User) -> None:
    page = signed_in(moderator).get("/admin/comments/decision/?to__exact=spam").content.decode()
    assert f"{ADDRESS}?to__exact=spam" in page


def test_only_administrators_see_how_much_each_moderator_decided(
    article: Article, moderator: User, other_moderator: User, admin_client: Client
) -> None:
    decided(article, moderator, State.DECLINED)
    decided(article, other_moderator, State.SPAM)
    log = "/admin/comments/decision/"
    desk = signed_in(moderator)
    assert "by__id__exact" not in desk.get(log).content.decode()
    for lookup in ("by__id__exact", "by", "by_id", "by__exact", "by__username"):
        typed = f"?{lookup}={other_moderator.pk}"
        assert desk.get(log + typed).status_code in {302, 400}
        assert desk.get(ADDRESS + typed).status_code in {302, 400}
    assert "by__id__exact" in admin_client.get(log).content.decode()
    mine = table(admin_client, f"?by__id__exact={other_moderator.pk}")
    assert {line["who"] for line in mine} == {"maz"}
