"""The log has everything that moderation changes, once each; moderators read all of it but the site's settings."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import closing, log, moderation
from comments.models import Comment, Decision
from comments.moderation import Seen
from comments.states import State
from tests.comments.test_log_export import table
from tests.conftest import signed_in
from tests.factories import assess, make_comment

pytestmark = pytest.mark.django_db
PAGE = "/admin/comments/decision/"
What = Decision.What


@pytest.fixture
def comment(article: Article) -> Comment:
    return make_comment(article, state=State.PENDING, at_risk=True)


VERBS: dict[str, Callable[[Comment, User], object]] = {
    "risk": lambda comment, by: assess(comment, by),
    "thread": lambda comment, by: closing.lock(comment, by=by),
    "discussion": lambda comment, by: closing.close_discussion(comment.article_id, by=by),
}


@pytest.mark.parametrize("kind", VERBS)
def test_a_verb_writes_one_entry_of_its_kind(comment: Comment, moderator: User, kind: str) -> None:
    before = Decision.log.count()
    VERBS[kind](comment, moderator)
    entry = Decision.log.first()
    assert entry is not None
    assert (entry.what, entry.by) == (kind, moderator)
    assert Decision.log.count() == before + 1


def test_moderators_read_all_kinds_but_settings(
    comment: Comment, moderator: User, administrator: User
) -> None:
    for what in What:
        log.note(what, by=administrator, was="before", to=f"after-{what}", about=7)
    page = signed_in(moderator).get(PAGE).content.decode()
    for what in What:
        assert (f"after-{what}" in page) == (what != What.SETTING), what
    assert "after-setting" in signed_in(administrator).get(PAGE).content.decode()
    lines = table(signed_in(moderator))
    assert {line["what"] for line in lines} == set(What) - {What.SETTING}
    assert {line["about"] for line in lines} == {"7"}


def test_it_is_filtered_by_kind_reason_and_person(
    comment: Comment, moderator: User, administrator: User
) -> None:
    assess(comment, moderator)
    moderation.move(comment, State.DECLINED, by=moderator, seen=Seen.of(comment), reason="unkind")
    log.note(What.RULE, by=administrator, to="a rule", about=3)
    client: Client = signed_in(moderator)
    assert [line["what"] for line in table(client, "?what__exact=rule")] == ["rule"]
    assert [line["reason"] for line in table(client, "?reason=unkind")] == ["unkind"]
    by = f"?by__id__exact={moderator.pk}"
    assert {line["what"] for line in table(signed_in(administrator), by)} == {"risk", "state"}
    assert client.get(f"{PAGE}export/{by}").status_code == 400, "who decided how much is for administrators"


def test_the_list_says_reasons_in_words(comment: Comment, moderator: User) -> None:
    assess(comment, moderator)
    moderation.move(comment, State.DECLINED, by=moderator, seen=Seen.of(comment), reason="unkind")
    page = signed_in(moderator).get(PAGE).content.decode()
    assert "Unkind" in page.partition('id="result_list"')[2]


def test_the_filter_offers_reasons_in_words_and_only_given_ones(comment: Comment, moderator: User) -> None:
    assess(comment, moderator)
    moderation.move(comment, State.DECLINED, by=moderator, seen=Seen.of(comment), reason="unkind")
    page = signed_in(moderator).get(PAGE).content.decode()
    offered = re.findall(r'href="\?reason=([^"]*)"[^>]*>([^<]*)<', page)
    assert [code for code, words in offered] == ["unkind"]
    assert "Unkind" in offered[0][1]


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize(
    "statement", ["UPDATE comments_decision SET was = 'x'", "DELETE FROM comments_decision"]
)
def test_the_database_refuses_to_change_or_delete_any_kind(what: str, statement: str) -> None:
    log.note(Decision.What(what), by=None, to="after", about=1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Decision.log.filter(to="after").count() == 1


def test_it_takes_the_same_number_of_queries_for_many_entries(comment: Comment, moderator: User) -> None:
    client = signed_in(moderator)
    counts = []
    for more in (1, 40):
        for number in range(more):
            log.note(What.RULE, by=moderator, to=f"rule {number}", about=number, reason="unkind")
        with CaptureQueriesContext(connection) as made:
            client.get(PAGE)
        counts.append(len(made))
    assert counts[0] == counts[1]
