"""The index follows every change in the change's own transaction, and keeps nothing of what went."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import publishing
from articles.models import Article
from comments import masking, moderation, posting
from comments.models import Comment
from comments.moderation import Seen
from comments.states import State
from fibroblog.search import rebuilding
from fibroblog.search.finding import find
from fibroblog.search.models import IndexedDocument, IndexedStem, IndexedTrigram, IndexedWord, Kind
from tests.factories import make_article, make_author, make_comment, make_tag

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.sqlite_alone  # PostgreSQL reads a small table whole, and rightly
def test_a_change_does_not_make_the_database_read_all_documents(article: Article) -> None:
    with CaptureQueriesContext(connection) as queries:
        make_comment(article)
    asked = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    about = [sql for sql in asked if "fibroblog_indexeddocument" in sql]
    assert about
    with connection.cursor() as cursor:
        for sql in about:
            steps = cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
            assert not any(step[3].startswith("SCAN") for step in steps), sql


def found(query: str) -> list[tuple[Kind, int]]:
    return find(query).hits


def contents() -> dict[str, Any]:
    """All that the index says, without the numbers that it happens to use."""
    words = dict(IndexedWord.objects.values_list("pk", "word"))
    return {
        "documents": sorted(
            (row.kind, row.key, row.article, row.at, sorted(words[int(pk)] for pk in row.words.split()))
            for row in IndexedDocument.objects.all()
        ),
        "words": sorted(IndexedWord.objects.values_list("word", "stem__stem", "documents")),
        "stems": sorted(IndexedStem.objects.values_list("stem", flat=True)),
        "trigrams": sorted(IndexedTrigram.objects.values_list("word__word", "trigram", "length")),
        "found": {word: sorted(found(word)) for word in sorted(words.values())},
    }


def after_rebuilding() -> dict[str, Any]:
    rebuilding.rebuild()
    return contents()


def test_a_post_is_found_by_all_its_parts() -> None:
    post = make_article(
        title="Heat",
        finding="Warmth probably helps.",
        key_points="Twenty people.",
        body="<p>Knees <strong>swim</strong>.</p>",
        tags=[make_tag("Bathing")],
        authors=[make_author("Juniper")],
    )
    for word in ("heat", "warmth", "twenty", "knees", "bathing", "juniper"):
        assert found(word) == [(Kind.ARTICLE, post.pk)], word
    assert not found("strong")


def test_renamed_topics_and_authors_are_found_by_their_new_names_only() -> None:
    tag, author = make_tag("Bathing"), make_author("Juniper")
    post = make_article(tags=[tag], authors=[author])
    tag.name, author.name = "Swimming", "Rowan"
    publishing.save_tag(tag)
    publishing.save_author(author)
    assert not found("bathing")
    assert not found("juniper")
    assert found("swimming") == found("rowan") == [(Kind.ARTICLE, post.pk)]
    publishing.delete_tags([tag])
    publishing.delete_authors([author])
    assert not found("swimming")
    assert not found("rowan")


def test_merged_topics_pass_on_their_posts() -> None:
    old, new = make_tag("Bathing"), make_tag("Swimming")
    post = make_article(tags=[old])
    publishing.merge_tags([old], into=new)
    assert not found("bathing")
    assert found("swimming") == [(Kind.ARTICLE, post.pk)]


def test_an_unpublished_post_is_gone_with_its_comments_and_comes_back_with_them() -> None:
    post = make_article(title="Quokka")
    make_comment(post, body="Wombat.")
    publishing.unpublish([post])
    assert not found("quokka")
    assert not found("wombat")
    assert not IndexedWord.objects.filter(word="quokka").exists()
    publishing.publish([Article.objects.get()])
    assert len(found("quokka")) == len(found("wombat")) == 1


def test_a_scheduled_post_is_found_when_its_time_has_come(clock: Any) -> None:
    make_article(title="Quokka", published_at=timezone.now() + DAY)
    results = find("quokk")
    assert (results.hits, results.corrections) == ([], []), "nor is its word given away"
    clock.shift(DAY)
    assert len(found("quokka")) == 1


def test_a_deleted_post_takes_its_comments_along() -> None:
    post = make_article(title="Quokka")
    make_comment(post, body="Wombat.")
    publishing.delete_articles([post])
    assert not IndexedDocument.objects.exists()
    assert not IndexedWord.objects.exists()
    assert not IndexedStem.objects.exists()
    assert not IndexedTrigram.objects.exists()


@pytest.mark.parametrize("state", [state for state in State if state != State.APPROVED])
def test_only_visible_comments_are_indexed(state: State) -> None:
    make_comment(make_article(), state=state, body="Wombat.")
    assert not found("wombat")
    assert not IndexedWord.objects.filter(word="wombat").exists()


def withdraw(comment: Comment, moderator: User) -> None:
    moderation.withdraw(comment)


def erase(comment: Comment, moderator: User) -> None:
    moderation.erase(comment)


def remove(comment: Comment, moderator: User) -> None:
    moderation.move(comment, State.REMOVED, by=moderator, seen=Seen.of(comment))


def edit(comment: Comment, moderator: User) -> None:
    posting.edit_comment(comment, body="Something else.", visit=posting.Visit())


def mask(comment: Comment, moderator: User) -> None:
    masking.mask(comment, "wombat", by=moderator, seen=Seen.of(comment))


@pytest.mark.parametrize("take_away", [withdraw, erase, remove, edit, mask])
def test_words_that_went_are_gone_at_once_and_for_good(
    take_away: Callable[[Comment, User], None], moderator: User
) -> None:
    comment = make_comment(make_article(), body="A wombat in the garden.")
    assert found("wombat") == [(Kind.COMMENT, comment.pk)]
    take_away(comment, moderator)
    assert not found("wombat")
    assert not find("wombut").corrections
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("fibroblog_indexed", "fibroblog_fts")):
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  # a table's name
                assert "wombat" not in repr(cursor.fetchall()), table


def test_an_undone_decision_brings_the_words_back(moderator: User) -> None:
    comment = make_comment(make_article(), body="A wombat.")
    decision = moderation.move(comment, State.REMOVED, by=moderator, seen=Seen.of(comment))
    moderation.undo(decision, by=moderator)
    assert found("wombat") == [(Kind.COMMENT, comment.pk)]


def test_the_name_of_a_writer_finds_nothing() -> None:
    make_comment(make_article(), name="Wombat", body="Words.")
    assert not found("wombat")


def test_a_change_that_is_taken_back_leaves_the_index_as_it_was() -> None:
    post = make_article(title="Quokka")
    comment = make_comment(post, body="Wombat.")
    before = contents()
    with transaction.atomic():
        post.title = "Numbat"
        publishing.save_article(post)
        moderation.withdraw(comment)
        assert found("numbat")
        assert not found("wombat")
        transaction.set_rollback(True)
    assert contents() == before
    assert found("quokka")
    assert found("wombat")


def test_reindexing_fills_an_empty_index(capsys: pytest.CaptureFixture[str]) -> None:
    make_comment(make_article(), body="Wombat.")
    before = contents()
    IndexedDocument.objects.all().delete()
    assert rebuilding.is_needed()
    assert not found("wombat")
    call_command("reindex")
    assert "Posts: 1" in capsys.readouterr().out
    assert not rebuilding.is_needed()
    assert contents() == before


STEPS = [
    "publish",
    "unpublish",
    "retitle",
    "tag",
    "delete",
    "comment",
    "withdraw",
    "remove",
    "bring back",
    "edit",
]


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 5)), max_size=14))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@pytest.mark.django_db
def test_after_whatever_happens_the_index_is_as_if_built_anew(steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        tag = make_tag("Bathing")
        make_comment(make_article(title="Quokka walks"), body="Wombats walk.")
        make_article(title="Numbat sleeps", tags=[tag], status=Article.Status.DRAFT)
        for step, number in steps:
            take(step, number)
        now = contents()
        assert now == after_rebuilding()
        transaction.set_rollback(True)


def take(step: str, number: int) -> None:
    """One verb on the post or comment of that number, if there is one that it suits."""
    posts, comments = list(Article.objects.order_by("pk")), list(Comment.objects.order_by("pk"))
    post = posts[number % len(posts)] if posts else None
    comment = comments[number % len(comments)] if comments else None
    if post is not None and step in {"publish", "unpublish", "retitle", "tag", "delete", "comment"}:
        on_post(step, post, number)
    elif comment is not None:
        on_comment(step, comment)


def on_post(step: str, post: Article, number: int) -> None:
    if step == "publish":
        publishing.publish([post])
    elif step == "unpublish":
        publishing.unpublish([post])
    elif step == "retitle":
        post.title = f"Numbat {number}"
        publishing.save_article(post)
    elif step == "tag":
        publishing.set_links(post, authors=post.authors.all(), tags=[make_tag()])
    elif step == "delete":
        publishing.delete_articles([post])
    else:
        make_comment(post, body=f"Wombats and numbat {number}.")


def on_comment(step: str, comment: Comment) -> None:
    seen = Seen.of(comment)
    if step == "withdraw" and comment.state == State.APPROVED:
        moderation.withdraw(comment)
    elif step == "remove" and comment.state == State.APPROVED:
        moderation.move(comment, State.REMOVED, by=None, seen=seen)
    elif step == "bring back" and comment.state == State.REMOVED:
        moderation.move(comment, State.APPROVED, by=None, seen=seen)
    elif step == "edit" and comment.state == State.APPROVED:
        posting.edit_comment(comment, body="Quite other words.", visit=posting.Visit())
