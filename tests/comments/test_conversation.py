"""Whatever people do, in any order and at the same time: the numbers are right, nobody is told twice, nothing leaks."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from random import Random

import pytest
from django.contrib.auth.models import User
from django.core import mail as outgoing
from django.db import connection, connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from articles.models import Article
from comments import counting, delivery, moderation, people, posting, refusals
from comments.models import Comment, Confirmation, Decision, Mail
from comments.models.people import ANONYMOUS
from comments.moderation import MoveRefused, Seen
from comments.states import State
from fibroblog import limits
from tests.factories import make_article, make_author, make_staff

ADDRESSES = ["ash@private.example", "elm@private.example", ""]
NUMBERS = count(1)

Step = tuple[str, int, int]
STEPS = st.tuples(
    st.sampled_from(
        [
            "post",
            "post",
            "answer",
            "answer",
            "confirm",
            "follow",
            "edit",
            "approve",
            "approve",
            "decline",
            "hand_back",
            "spam",
            "remove",
            "undo",
            "withdraw",
            "anonymise",
            "erase",
            "mail",
        ]
    ),
    st.integers(0, 20),
    st.integers(0, 2),
)


@dataclass
class World:
    """One post, its people, and what each step does to it. A step that is refused changes nothing."""

    article: Article
    moderator: User
    secrets: list[str] = field(default_factory=list)  # what no reader may ever see

    def take(self, step: Step) -> None:
        name, index, number = step
        with suppress(MoveRefused, refusals.Refused):
            getattr(self, name)(index, number)

    def post(self, index: int, number: int, parent: Comment | None = None) -> None:
        serial = next(NUMBERS)
        posting.post_comment(
            article=self.article,
            visit=posting.Visit(network=f"network-{serial}", key=f"key-{number}", seconds=60),
            name=f"Nick{serial}",
            body=f"word{serial} of nobody else",
            email=ADDRESSES[number],
            follows=bool(index % 2 and ADDRESSES[number]),
            parent=parent,
        )

    def answer(self, index: int, number: int) -> None:
        visible = list(Comment.objects.visible().filter(article=self.article))
        if visible:
            self.post(index, number, parent=visible[index % len(visible)])

    def confirm(self, index: int, _: int) -> None:
        waiting = Confirmation.objects.order_by("pk").first()
        if waiting is not None:
            with suppress(Confirmation.DoesNotExist):  # used or refused by somebody else a moment ago
                people.confirm(waiting)

    def follow(self, index: int, number: int) -> None:
        if ADDRESSES[number]:
            people.ask_to_confirm(
                email=ADDRESSES[number], name="", network=f"network-{index}", article=self.article
            )

    def edit(self, index: int, _: int) -> None:
        if comment := self._any(index):
            posting.edit_comment(comment, body=f"word{next(NUMBERS)} instead", visit=posting.Visit())

    def approve(self, index: int, _: int) -> None:
        self._move(index, State.APPROVED)

    def spam(self, index: int, _: int) -> None:
        self._move(index, State.SPAM)

    def decline(self, index: int, _: int) -> None:
        self._move(index, State.DECLINED, reason="other", note=self._note())

    def hand_back(self, index: int, _: int) -> None:
        self._move(index, State.RETURNED, reason="private", note=self._note())

    def remove(self, index: int, _: int) -> None:
        self._move(index, State.REMOVED, reason="unkind", note=self._note())

    def undo(self, index: int, _: int) -> None:
        comment = self._any(index)
        latest = Decision.objects.latest_of(comment) if comment else None
        if latest is not None:
            moderation.undo(latest, by=self.moderator)

    def withdraw(self, index: int, _: int) -> None:
        if comment := self._any(index):
            moderation.withdraw(comment)

    def anonymise(self, index: int, _: int) -> None:
        if comment := self._any(index):
            posting.anonymise(comment)

    def erase(self, index: int, _: int) -> None:
        comment = self._any(index)
        if comment is not None and comment.commenter is not None:
            people.erase(comment.commenter)

    def mail(self, _: int, __: int) -> None:
        delivery.deliver()

    def _note(self) -> str:
        self.secrets.append(f"note{next(NUMBERS)}")
        return self.secrets[-1]

    def _move(self, index: int, to: State, reason: str = "", note: str = "") -> None:
        if comment := self._any(index):
            seen = Seen.of(comment)
            moderation.move(comment, to, by=self.moderator, seen=seen, reason=reason, note=note)

    def _any(self, index: int) -> Comment | None:
        comments = list(Comment.objects.filter(article=self.article).order_by("pk"))
        return comments[index % len(comments)] if comments else None


@pytest.fixture
def world(db: None, moderator: User, monkeypatch: pytest.MonkeyPatch) -> World:
    for name in ("CONFIRMATIONS_PER_ADDRESS", "CONFIRMATIONS_PER_SENDER", "COMMENTS_PER_SITE"):
        monkeypatch.setattr(limits, name, 10**6)
    author = make_author(user=make_staff("author", "Editors"))
    return World(make_article(authors=[author]), moderator)


def check(world: World) -> None:
    rows = {row.pk: row for row in Comment.objects.filter(article=world.article)}
    each_state_has_its_entry(rows)
    no_orphan_is_visible(rows)
    nobody_is_told_twice()
    shown_numbers_are_counted_numbers(world, rows)
    nothing_private_is_public(world, rows)


def each_state_has_its_entry(rows: dict[int, Comment]) -> None:
    for row in rows.values():
        log = list(Decision.objects.for_comment(row).order_by("pk"))
        assert row.state == (log[-1].to if log else State.PENDING)
        states = [State.PENDING, *(entry.to for entry in log)]
        assert [entry.was for entry in log] == states[:-1], "the log is a chain without gaps"


def no_orphan_is_visible(rows: dict[int, Comment]) -> None:
    for row in rows.values():
        shown_below = [reply for reply in rows.values() if reply.parent_id == row.pk and reply.in_thread]
        assert row.in_thread == (row.state == State.APPROVED or bool(shown_below))
        if row.in_thread and row.parent_id:
            assert rows[row.parent_id].in_thread


def nobody_is_told_twice() -> None:
    told = Counter((mail.event, mail.recipient) for mail in Mail.objects.all())
    assert not [who for who, times in told.items() if times > 1]
    sent = Counter(message.extra_headers["Message-ID"] for message in outgoing.outbox)
    assert not [number for number, times in sent.items() if times > 1]
    for message in outgoing.outbox:
        assert len(message.to) == 1


def shown_numbers_are_counted_numbers(world: World, rows: dict[int, Comment]) -> None:
    visible = sum(row.state == State.APPROVED for row in rows.values())
    page = Client().get(world.article.get_absolute_url()).content.decode()
    heading = re.search(r'id="comments-title">(\d+)? ?[Cc]omments?<', page)
    assert heading is not None
    assert int(heading[1] or 0) == visible
    assert counting.visible([world.article.pk])[world.article.pk] == visible
    home = Client().get("/").content.decode()
    assert (f">{visible} comment" in home) == bool(visible)


def nothing_private_is_public(world: World, rows: dict[int, Comment]) -> None:
    """Every public byte: pages, feeds, sitemap, search, and what was mailed to anybody."""
    reader = Client()
    base = world.article.get_absolute_url()
    addresses = ["/", base, f"{base}?order=newest", "/feeds/comments.atom", "/feeds/articles.atom"]
    addresses += [f"{base[:-1]}/comments.atom", "/sitemap.xml", "/search/?q=word", "/my-comments/"]
    addresses += [f"{base}comments/{row.public_id}/" for row in rows.values() if row.in_thread][:5]
    public = b"".join(reader.get(address).content for address in addresses).decode()
    mailed = "".join(f"{message.subject}\n{message.body}" for message in outgoing.outbox)
    hidden = [row for row in rows.values() if row.state != State.APPROVED]
    for secret in [*filter(None, ADDRESSES), "network-", *world.secrets]:
        assert secret not in public, secret
    for row in hidden:
        for words in own_words(row):
            assert not re.search(rf"\b{words}\b", public), f"{row} shows {words}"
    for row in rows.values():
        for words in own_words(row):
            assert not re.search(rf"\b{words}\b", mailed)
        for key in (row.owner, row.digest, row.text_hash, row.network):
            assert not key or key not in public


def own_words(row: Comment) -> list[str]:
    """What tells this comment from every other."""
    name = row.name if row.name != ANONYMOUS else ""
    return [words for words in (row.body.partition(" ")[0], name) if words]


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # to shrink a failure takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEPS, min_size=10, max_size=60))
def test_whatever_people_do_in_whatever_order(world: World, steps: list[Step]) -> None:
    with transaction.atomic():
        outgoing.outbox.clear()
        world.secrets.clear()
        for step in steps:
            world.take(step)
        delivery.deliver()
        check(world)
        transaction.set_rollback(True)


@pytest.mark.usefixtures("real_transactions")
def test_whatever_people_do_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four at once on PostgreSQL. The tests' SQLite lives in one connection in memory: there they take turns."""
    for name in ("CONFIRMATIONS_PER_ADDRESS", "CONFIRMATIONS_PER_SENDER", "COMMENTS_PER_SITE"):
        monkeypatch.setattr(limits, name, 10**6)
    author = make_author(user=make_staff("author", "Editors"))
    world = World(make_article(authors=[author]), make_staff("mo", "Moderators"))
    names = [name for name in dir(World) if not name.startswith("_") and name not in {"take", "article"}]
    verbs = sorted(set(names) - set(World.__dataclass_fields__))

    def act(seed: int) -> int:
        chance = Random(seed)
        try:
            for _ in range(60):
                world.take(
                    (chance.choice([*verbs, "post", "answer", "approve"]), chance.randrange(20), seed % 3)
                )
        finally:
            connections.close_all()
        return seed

    if connection.vendor == "sqlite":
        assert [act(seed) for seed in range(4)] == [0, 1, 2, 3]
    else:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(act, range(4))) == [0, 1, 2, 3]
    delivery.deliver()
    assert Comment.objects.count() > 20
    check(world)
