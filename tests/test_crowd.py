"""The crowd that measurements are made with: the same every time, as sound as what people wrote, and gone on demand."""

import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from articles import publishing
from articles.models import Article
from articles.rendering import sanitise
from benchmarks.crowd import __main__ as command
from benchmarks.crowd import clearing, filling, guard, plan, texts
from benchmarks.crowd.plan import Mix, Plan
from benchmarks.crowd.progress import Progress
from comments import housekeeping
from comments.models import Case, Comment, Commenter, Decision, Verdict
from comments.posting import hash_text
from comments.rendering import render
from comments.states import ALLOWED_MOVES, State
from fibroblog import demo, limits, pages
from fibroblog.search import finding, rebuilding
from fibroblog.search.models import IndexedDocument, IndexedWord

from .conftest import signed_in
from .factories import make_article, make_comment, make_staff, post

# Much of everything in few comments; a step of it is 400.
LIVELY = Mix(pending=0.08, spam=0.05, declined=0.04, withdrawn=0.06, reported=0.04)
SMALL = Plan(wave=40, comments_a_post=50, mix=LIVELY)
COUNT = 430

# What `rows` gives for SMALL: the same on both databases and in every run.
KNOWN = "af84ee0142249333"


def fill(count: int, **options: Any) -> None:
    filling.fill(count, SMALL, waves=10, **options)


def rows() -> list[tuple[Any, ...]]:
    """All of the crowd but the keys."""
    fields = (
        "public_id",
        "article__slug",
        "parent__public_id",
        "root__public_id",
        "commenter__email",
        "name",
    )
    more = ("body", "html", "state", "in_thread", "created_at", "shown_at", "owner", "network", "digest")
    said = filling.comments().order_by("public_id").values_list(*fields, *more, "text_hash")
    decided = Decision.objects.filter(comment__in=filling.comments()).order_by("pk")
    found = Verdict.objects.filter(comment__in=filling.comments()).order_by("pk")
    cases = Case.objects.filter(comment__in=filling.comments()).order_by("pk")
    written = filling.posts().order_by("slug")
    return [
        *said,
        *decided.values_list("comment__public_id", "was", "to", "reason", "at"),
        *found.values_list("comment__public_id", "check_name", "outcome", "reason", "detail"),
        *cases.values_list("comment__public_id", "opened_at", "reports__reason", "reports__network"),
        *written.values_list("slug", "title", "finding", "key_points", "body", "words", "published_at"),
        *filling.people().order_by("email").values_list("email", "name", "confirmed_at"),
    ]


def digest(what: list[tuple[Any, ...]]) -> str:
    # ISO dates: the databases name the same zone by different objects.
    lines = [
        repr([value.isoformat() if isinstance(value, datetime) else value for value in row]) for row in what
    ]
    text = "\n".join(sorted(lines))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.fixture
def crowd(db: None) -> list[Comment]:
    fill(COUNT)
    return list(filling.comments().select_related("parent", "article").order_by("pk"))


@pytest.mark.django_db
def test_the_same_number_and_seed_make_the_same_rows_on_every_database() -> None:
    fill(COUNT)
    assert digest(rows()) == KNOWN


@pytest.mark.django_db
def test_another_seed_makes_another_crowd_and_the_two_do_not_mix() -> None:
    fill(20)
    first = list(filling.comments().values_list("body", flat=True))
    other = Plan(seed=2, wave=20)
    with pytest.raises(filling.OtherCrowd):
        filling.fill(40, other)
    assert filling.stored() == 20
    clearing.clear()
    filling.fill(20, other)
    assert not set(first) & set(filling.comments().values_list("body", flat=True))


@pytest.mark.django_db
def test_a_crowd_that_grew_is_the_one_that_was_made_at_once() -> None:
    for count in (7, 33, 33, 250, 251, 410, COUNT, 10):
        fill(count)
    assert filling.stored() == COUNT
    assert digest(rows()) == KNOWN


def break_off(*args: Any, **kwargs: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["reserve", "rows.verdicts_on", "index.put", "pages.changed"])
def test_what_is_broken_off_goes_on_without_gap_or_double(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(200)
    before = digest(rows())
    told: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(f"benchmarks.crowd.filling.{where}", break_off)
        with pytest.raises(KeyboardInterrupt):
            fill(COUNT, tell=told.append)
    assert told == [200]
    assert digest(rows()) == before
    fill(COUNT)
    assert digest(rows()) == KNOWN


def test_every_comment_is_in_its_place(crowd: list[Comment]) -> None:
    below = Counter(comment.parent_id for comment in crowd if comment.in_thread)
    depth: dict[int | None, int] = {None: 0}
    for comment in crowd:
        depth[comment.pk] = depth[comment.parent_id] + 1
        assert comment.root_id == Comment.root_for(comment.parent)
        assert comment.in_thread == (comment.state == State.APPROVED or below[comment.pk] > 0)
        if comment.parent:
            assert comment.parent.article_id == comment.article_id
            assert comment.parent.in_thread or not comment.in_thread
            assert comment.parent.shown_at is not None
            assert comment.parent.shown_at < comment.created_at, "nobody answers what they cannot see"
    assert 5 < max(depth.values()) <= plan.DEEPEST
    assert {comment.state for comment in crowd} == {"approved", "pending", "spam", "declined", "withdrawn"}
    assert any(comment.state == State.WITHDRAWN and comment.in_thread for comment in crowd)


def test_the_times_follow_each_other_and_are_past(crowd: list[Comment]) -> None:
    for comment in crowd:
        published = comment.article.published_at
        assert published is not None
        assert published < comment.created_at <= (comment.shown_at or timezone.now()) <= timezone.now()
    visible = [comment.created_at for comment in crowd if comment.state == State.APPROVED]
    assert visible == sorted(visible)


def test_the_words_are_stored_as_the_verbs_store_them(crowd: list[Comment]) -> None:
    assert len({comment.digest for comment in crowd if comment.digest}) == len(
        [comment for comment in crowd if comment.state != State.WITHDRAWN]
    )
    for comment in crowd:
        if comment.state == State.WITHDRAWN:
            assert (comment.name, comment.body, comment.html, comment.network, comment.digest) == ("",) * 5
        else:
            assert comment.html == render(comment.body)
            assert comment.text_hash == hash_text(comment.body)
            assert comment.name.startswith("Crowd ")


def test_the_log_tells_how_each_came_to_its_state(crowd: list[Comment]) -> None:
    entries: dict[int | None, list[Decision]] = defaultdict(list)
    for entry in Decision.objects.order_by("pk"):
        entries[entry.comment_id].append(entry)
    for comment in crowd:
        state, at = State.PENDING, comment.created_at
        for entry in entries[comment.pk]:
            assert entry.was == state
            assert State(entry.to) in ALLOWED_MOVES[state]
            assert entry.at >= at
            state, at = State(entry.to), entry.at
        assert state == comment.state
        if comment.state == State.APPROVED:
            assert comment.shown_at == at


def test_posts_are_as_an_editor_would_have_saved_them(crowd: list[Comment]) -> None:
    for article in filling.posts():
        assert sanitise(article.body) == article.body
        before = (
            article.title,
            article.finding,
            article.key_points,
            article.body,
            article.text,
            article.words,
        )
        publishing.save_article(article)
        assert before == (
            *(article.title, article.finding, article.key_points, article.body, article.text, article.words),
        )
        assert article.authors.exists()
        assert article.tags.exists()


def indexed() -> set[tuple[Any, ...]]:
    words = dict(IndexedWord.objects.values_list("pk", "word"))
    return {
        (row.kind, row.key, row.article, row.at, *sorted(words[int(pk)] for pk in row.words.split()))
        for row in IndexedDocument.objects.all()
    }


def test_the_search_knows_what_it_would_know_if_it_were_built_anew(crowd: list[Comment]) -> None:
    counted = dict(IndexedWord.objects.values_list("word", "documents"))
    found = indexed()
    rebuilding.rebuild()
    assert indexed() == found
    assert dict(IndexedWord.objects.values_list("word", "documents")) == counted


def test_every_step_moves_the_stamps_once(crowd: list[Comment]) -> None:
    largest = Article.objects.get(slug="crowd-1-0")
    names = [pages.of_discussion(largest.pk), pages.COUNTS]
    before = [pages.version_of(name) for name in names]
    fill(COUNT + 20)
    assert [pages.version_of(name) for name in names] == [version + 1 for version in before]
    assert {pages.version_of(pages.of_article(post.pk)) for post in filling.posts()} == {1}


def test_readers_and_moderators_see_it(crowd: list[Comment], client: Client, moderator: User) -> None:
    shown = next(comment for comment in crowd if comment.state == State.APPROVED and len(comment.body) > 60)
    page = client.get(shown.article.get_absolute_url())
    assert page.status_code == 200
    assert client.get(shown.get_absolute_url()).status_code == 200
    assert ("comment", shown.pk) in finding.find(f'"{" ".join(shown.body.split(".")[0].split())}"').hits
    queue = signed_in(moderator).get("/admin/comments/queue/")
    first = Comment.objects.waiting().order_by("created_at").first()
    assert first is not None
    assert first.body.split("\n")[0][:40] in queue.content.decode()
    assert Case.objects.filter(outcome="open", comment__in=crowd).exists()


def test_what_waits_or_was_refused_is_young_enough_to_keep_its_words(crowd: list[Comment]) -> None:
    days = (limits.REFUSED_DAYS, limits.WAITING_DAYS)
    refused, waiting = (timedelta(days=number) for number in days)
    assert housekeeping.forget_refused(older_than=refused) == 0
    assert housekeeping.forget_waiting(older_than=waiting) == 0
    assert housekeeping.forget_networks(older_than=timedelta(days=limits.NETWORK_DAYS)) == 0


def test_the_first_post_gets_every_other_comment_until_it_has_a_hundred_thousand() -> None:
    waves = 2 * plan.LARGEST // Plan().wave
    said = [sum(line.post == 0 for line in Plan().lines(wave)) for wave in (0, waves - 1, waves)]
    assert said == [Plan().wave // 2, Plan().wave // 2, 0]
    assert waves * (Plan().wave // 2) == plan.LARGEST


def test_talks_go_nine_levels_deep() -> None:
    assert max(line.depth for line in Plan().lines(0)) == plan.DEEPEST == 9


def test_lengths_go_from_one_word_to_five_thousand_characters() -> None:
    lines = [line for wave in range(20) for line in Plan().lines(wave)]
    words = texts.Texts(1)
    lengths = sorted(len("\n\n".join(words.paragraphs(line.start, line.length))) for line in lines)
    assert min(line.length for line in lines) == 1
    assert 100 < lengths[len(lengths) // 2] < 300
    assert 3_000 < lengths[-1] <= 5_000
    longest = max(len("\n\n".join(words.paragraphs(start, texts.MOST))) for start in range(0, 190_000, 250))
    assert longest <= 5_000


def counts() -> dict[str, int]:
    """How many rows each table has; the log keeps its entries, and a stamp stays where it was."""
    others = {"fibroblog.RateCounter", "django_tasks_database.DBTaskResult"}  # of the visitor who posts
    kept = {"comments.Decision", "fibroblog.Stamp", *others}
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.label not in kept
    }


@pytest.mark.django_db
def test_clearing_removes_the_crowd_and_nothing_else(moderator: User) -> None:
    own = make_article(slug="crowd-control", title="What do crowds do to us?")
    make_comment(own, name="Crowd 1", body="I stay at home.")
    Commenter.objects.create(email="crowd-1@example.org", name="Crowd 1")
    before, found = counts(), indexed()
    fill(60)
    post(filling.posts().first() or own, name="Wren", email="wren@example.org")  # goes with the post
    log = Decision.log.count()
    told: list[int] = []
    assert clearing.clear(tell=told.append) == 61
    assert told == sorted(told)
    assert counts() == before
    assert indexed() == found
    assert Decision.log.count() == log
    fill(60)
    assert filling.stored() == 60


@pytest.mark.django_db
def test_a_mix_of_its_own_makes_a_queue_of_nothing_but_waiting_ones() -> None:
    filling.fill(50, Plan(wave=50, mix=Mix(pending=1.0)))
    assert Comment.objects.waiting().count() == 50
    assert not Decision.objects.exists()
    assert not IndexedDocument.objects.filter(kind="comment").exists()


@pytest.fixture
def local(settings: Settings) -> None:
    settings.LOCAL = True


@pytest.mark.django_db
def test_an_empty_site_and_the_demo_are_for_trying_out(local: None) -> None:
    assert guard.why_not() == ""
    fill(20)
    assert guard.why_not() == ""
    demo.load()
    assert guard.why_not() == ""


@pytest.mark.django_db
def test_a_real_site_is_left_alone(
    local: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    article = make_article()
    assert command.main(["20"]) == 1
    assert "posts, but not the demo’s accounts" in capsys.readouterr().err.replace("'", "’")
    publishing.delete_articles([article])
    demo.load()
    make_staff("own")
    assert command.main(["20"]) == 1
    assert "accounts that the demo did not bring" in capsys.readouterr().err
    User.objects.filter(username="own").delete()
    settings.LOCAL = False
    assert command.main(["20"]) == 1
    assert "public address" in capsys.readouterr().err
    assert command.main(["--clear"]) == 1
    assert not filling.comments().exists()


@pytest.mark.django_db
def test_the_command_fills_and_clears_also_on_such_a_site_when_told_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command.main(["20", "--yes"]) == 0
    assert "20 of 20 comments (100 %)" in capsys.readouterr().out
    assert filling.stored() == 20
    assert command.main(["20", "--seed", "2", "--yes"]) == 1
    assert "another seed" in capsys.readouterr().err
    assert command.main(["--clear", "--yes"]) == 0
    assert "Removed 20 comments" in capsys.readouterr().out
    assert not filling.comments().exists()


@pytest.mark.django_db
def test_ctrl_c_says_that_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.crowd.filling.index.put", break_off)
    assert command.main(["20", "--yes"]) == 130
    assert "goes on from here" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_full_disk_is_told_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.crowd.__main__.lacks_room", lambda more: "No room.")
    assert command.main(["20", "--yes"]) == 1
    assert "No room." in capsys.readouterr().err
    assert not filling.comments().exists()


@pytest.mark.parametrize("arguments", [[], ["0"], ["many"], ["20000000"], ["20", "--clear"]])
def test_other_arguments_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(arguments)
    assert "make crowd" in capsys.readouterr().err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def seconds(*moments: float) -> Iterator[float]:
    yield from moments


def test_progress_redraws_its_line_on_a_terminal() -> None:
    out, times = Terminal(), seconds(0, 1, 2)
    progress = Progress(4_000, out=out, clock=lambda: next(times))
    for done in (1_000, 2_000, 4_000):
        progress.tell(done)
    assert out.getvalue() == (
        "\r1,000 of 4,000 comments (25 %)\033[K"
        "\r2,000 of 4,000 comments (50 %), 1,000 a second, 2 s left\033[K"
        "\r4,000 of 4,000 comments (100 %), 1,500 a second, 2 s\033[K\n"
    )


def test_progress_says_a_line_every_ten_seconds_elsewhere() -> None:
    out, times = io.StringIO(), seconds(0, 5, 10, 15, 240)
    progress = Progress(1_000, out=out, clock=lambda: next(times))
    for done in (0, 20, 40, 60, 1_000):
        progress.tell(done)
    assert out.getvalue().splitlines() == [
        "0 of 1,000 comments (0 %)",
        "40 of 1,000 comments (4 %), 4 a second, 4 min 0 s left",
        "1,000 of 1,000 comments (100 %), 4 a second, 4 min 0 s",
    ]
