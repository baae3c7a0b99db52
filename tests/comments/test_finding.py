"""Looking for comments in the queue by words, post, reason and age, by an address that can be kept."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from comments import moderation, queue
from comments.models import Comment, Verdict
from comments.moderation import Seen
from comments.states import State
from tests.conftest import signed_in
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.django_db
PAGE = "/admin/comments/queue/"


@pytest.fixture
def wanted() -> Comment:
    old = timezone.now() - timedelta(days=4)
    comment = make_comment(
        make_article(slug="sleep"), state=State.PENDING, body="I slept BADLY.", name="Bo", created_at=old
    )
    Verdict.objects.create(comment=comment, revision=1, check_name="links", reason="links", outcome="hold")
    return comment


@pytest.fixture(autouse=True)
def other(article: Article) -> Comment:
    return make_comment(article, state=State.PENDING, body="Warm water.", name="Bobby")


def found(moderator: User, query: str) -> list[Comment]:
    leaf = signed_in(moderator).get(f"{PAGE}?{query}").context["leaf"]
    return [card.comment for card in leaf.cards]


@pytest.mark.parametrize("query", ["words=badly", "words=bo", "article=sleep", "reason=links", "days=3"])
@pytest.mark.parametrize("state", ["", "spam"])
def test_only_what_was_looked_for(
    moderator: User, wanted: Comment, other: Comment, query: str, state: str
) -> None:
    for comment in (wanted, other):
        Comment.objects.filter(pk=comment.pk).update(state=state or State.PENDING)
    assert found(moderator, f"{query}&state={state}") == [wanted]
    assert len(found(moderator, f"state={state}")) == 2


def test_all_has_to_be_true(moderator: User, wanted: Comment) -> None:
    assert found(moderator, "words=badly&days=3&reason=links&article=sleep") == [wanted]
    assert found(moderator, "words=badly&days=7") == []


def test_a_reason_of_a_former_text_does_not_count(moderator: User, wanted: Comment) -> None:
    Comment.objects.filter(pk=wanted.pk).update(revision=2)
    assert found(moderator, "reason=links") == []


@pytest.mark.parametrize("query", ["reason=nonsense", "days=-1", "days=999999999999", "words=++"])
def test_nonsense_finds_all(moderator: User, wanted: Comment, query: str) -> None:
    assert len(found(moderator, query)) == 2


def test_words_are_no_patterns_and_no_markup(moderator: User, wanted: Comment) -> None:
    assert found(moderator, "words=%25") == []
    page = signed_in(moderator).get(f"{PAGE}?words=%22%3E%3Cscript%3E").content.decode()
    assert '"><script>' not in page
    assert "There are none like that." in page


def test_the_way_on_keeps_what_was_looked_for(moderator: User, wanted: Comment) -> None:
    leaf = signed_in(moderator).get(f"{PAGE}?words=badly&days=3").context["leaf"]
    assert leaf.query == "state=&person=&words=badly&days=3&page=1"
    answer = signed_in(moderator).post(
        f"{PAGE}{wanted.public_id}/decide/", {"do": "approve", "seen": "pending.1", "back": leaf.query}
    )
    assert answer.headers["Location"] == f"{PAGE}?words=badly&days=3&page=1#card-{wanted.public_id}"


def test_finding_takes_the_same_queries(moderator: User, wanted: Comment) -> None:
    client = signed_in(moderator)
    counts = []
    for query in ("", "?words=badly&days=3&reason=links&article=sleep"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(PAGE + query)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1  # how many wait in all is one more question


def test_by_the_reason_of_the_last_decision(article: Article, moderator: User) -> None:
    one, two = (make_comment(article, state=State.PENDING) for _ in range(2))
    moderation.move(one, State.DECLINED, by=moderator, seen=Seen.of(one), reason="advice")
    moderation.move(two, State.DECLINED, by=moderator, seen=Seen.of(two), reason="other")
    assert found(moderator, "state=declined&why=advice") == [one]
    assert found(moderator, "state=declined&why=nonsense") == []
    assert queue.way_back("state=declined&why=advice&evil=1") == "state=declined&why=advice"


def test_by_the_browser_of_a_guest_and_its_hash_stands_nowhere(article: Article, moderator: User) -> None:
    first, second = (make_comment(article, state=State.PENDING, owner="o" * 64) for _ in range(2))
    assert found(moderator, f"like={first.public_id}") == [first, second]
    assert found(moderator, "like=nonsense") == []
    page = signed_in(moderator).get(f"{PAGE}?like={first.public_id}").content.decode()
    assert "o" * 64 not in page
    assert f'name="like" value="{first.public_id}"' in page


def test_a_comment_without_a_key_is_like_no_other(article: Article, moderator: User) -> None:
    bare = make_comment(article, state=State.PENDING)
    assert found(moderator, f"like={bare.public_id}") == []
