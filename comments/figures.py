"""How moderation goes, in numbers: for the dashboard, the answer time and the public report. Reads only.

A decision here is what a person decided and what still holds: the system's moves, what the staff wrote themselves, undos
and what they took back are no decisions.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from . import reasons
from .models import Appeal, Case, Comment, Decision
from .querysets import DecisionQuerySet
from .reasons import Reason
from .states import State

DAYS = 30
BUSIEST = 5  # posts
OUTCOMES = [State.APPROVED, State.RETURNED, State.DECLINED, State.SPAM, State.REMOVED]


@dataclass(frozen=True)
class Decided:
    at: datetime
    to: State
    reason: str
    by: int
    undone: bool
    waited: float | None  # seconds; none where nothing waited, or where the comment is deleted


@dataclass(frozen=True)
class Day:
    day: date
    decided: Counter[State]


@dataclass(frozen=True)
class Now:
    waiting: int
    oldest: datetime | None
    at_risk: int
    reports: int
    appeals: int


@dataclass
class Figures:
    """Of the last 30 days, but for ``now`` and ``last_week``."""

    now: Now
    days: list[Day]
    decided: int = 0
    last_week: int = 0
    undone: int = 0
    waits: list[float] = field(default_factory=list)  # seconds, shortest first
    by_reason: list[tuple[str, int]] = field(default_factory=list)
    by_moderator: list[tuple[str, int]] = field(default_factory=list)
    asked: int = 0  # appeals
    changed: int = 0
    busiest: list[tuple[int, str, int]] = field(default_factory=list)  # id and title of a post, comments

    @property
    def median(self) -> str:
        return in_words(nearest_rank(self.waits, 0.5))

    @property
    def ninetieth(self) -> str:
        return in_words(nearest_rank(self.waits, 0.9))

    @property
    def undo_percent(self) -> int:
        """Of all that persons decided, what they took back."""
        return round(100 * self.undone / (self.decided + self.undone)) if self.undone else 0


def look() -> Figures:
    """All that the dashboard shows, in a constant number of queries."""
    today = timezone.localdate()
    first = today - timedelta(days=DAYS - 1)
    since = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    days = {first + timedelta(days=number): Counter[State]() for number in range(DAYS)}
    figures = Figures(now=_now(), days=[Day(day, decided) for day, decided in days.items()])
    by_reason, by_moderator = Counter[str](), Counter[int]()
    for one in decided_between(since):
        if one.undone:
            figures.undone += 1
            continue
        day = timezone.localdate(one.at)
        days[day][one.to] += 1
        figures.decided += 1
        figures.last_week += day > today - timedelta(days=7)
        by_moderator[one.by] += 1
        if one.to != State.APPROVED:
            by_reason[one.reason or one.to] += 1
        if one.waited is not None:
            figures.waits.append(one.waited)
    figures.waits.sort()
    labels = {**dict(State.choices), **reasons.labels()}
    figures.by_reason = [(labels.get(code, code), count) for code, count in by_reason.most_common()]
    names = dict(User.objects.filter(pk__in=by_moderator).values_list("pk", "username"))
    figures.by_moderator = [
        (names.get(pk, "A deleted account"), count) for pk, count in by_moderator.most_common()
    ]
    figures.asked, figures.changed = _appeals(since)
    figures.busiest = _busiest(since)
    return figures


def by_persons(since: datetime, until: datetime | None = None) -> DecisionQuerySet:
    """What persons decided in the time, with ``undone`` where it was taken back."""
    made = Decision.objects.filter(at__gte=since, by__isnull=False, undoes=None, to__in=OUTCOMES)
    made = made.exclude(reason=Reason.STAFF)
    if until is not None:
        made = made.filter(at__lt=until)
    return made.annotate(undone=taken_back())


def taken_back() -> Exists:
    return Exists(Decision.objects.filter(undoes=OuterRef("pk")))


def decided_between(since: datetime, until: datetime | None = None) -> Iterator[Decided]:
    """One query, read a row at a time: a hundred thousand decisions take no more memory than a few.

    A text waits from when it was sent, or from when its writer changed it last or it came back to the queue; until the
    decision. An undo does not begin the wait anew: the first answer was none.
    """
    back = Q(what=Decision.What.TEXT, reason=Reason.EDITED) | Q(
        what=Decision.What.STATE, to=State.PENDING, undoes=None
    )
    came_back = Decision.log.filter(back, comment=OuterRef("comment"), pk__lt=OuterRef("pk")).order_by("-pk")
    waited_from = Coalesce(Subquery(came_back.values("at")[:1]), F("comment__created_at"))
    rows = by_persons(since, until).annotate(waited_from=waited_from).order_by()
    for at, was, to, reason, by, undone, start in rows.values_list(
        "at", "was", "to", "reason", "by", "undone", "waited_from"
    ).iterator(chunk_size=2000):
        waited = max(0.0, (at - start).total_seconds()) if start and was == State.PENDING else None
        yield Decided(at, State(to), reason, by, undone, waited)


def waits_between(since: datetime, until: datetime | None = None) -> list[float]:
    """Seconds, shortest first."""
    made = decided_between(since, until)
    return sorted(one.waited for one in made if one.waited is not None and not one.undone)


def nearest_rank(values: Sequence[float], share: float) -> float | None:
    """The smallest of the sorted values that at least this share of all do not exceed: always one that occurred."""
    return values[max(0, math.ceil(share * len(values)) - 1)] if values else None


def in_words(seconds: float | None) -> str:
    if seconds is None:
        return "nothing to go by yet"
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    hours, days = round(minutes / 60), round(minutes / (60 * 24))
    number, unit = (minutes, "minute") if minutes < 90 else (hours, "hour") if hours < 36 else (days, "day")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _now() -> Now:
    waiting = Comment.objects.waiting().aggregate(
        count=Count("pk"), oldest=Min("created_at"), at_risk=Count("pk", filter=Q(at_risk=True))
    )
    return Now(
        waiting=waiting["count"],
        oldest=waiting["oldest"],
        at_risk=waiting["at_risk"],
        reports=Case.objects.filter(outcome=Case.Outcome.OPEN).count(),
        appeals=Appeal.objects.filter(outcome=Appeal.Outcome.OPEN).count(),
    )


def _appeals(since: datetime) -> tuple[int, int]:
    found = Appeal.objects.aggregate(
        asked=Count("pk", filter=Q(asked_at__gte=since)),
        changed=Count("pk", filter=Q(closed_at__gte=since, outcome=Appeal.Outcome.CHANGED)),
    )
    return found["asked"], found["changed"]


def _busiest(since: datetime) -> list[tuple[int, str, int]]:
    came_in = Comment.objects.filter(created_at__gte=since, by=None)
    rows = came_in.values_list("article", "article__title").annotate(count=Count("pk"))
    return list(rows.order_by("-count", "article")[:BUSIEST])
