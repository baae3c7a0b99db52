"""What the public may know of moderation: counts by full month, nobody's name, and no number so small that it could
point at somebody. Reads only."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from . import answer_time, figures
from .models import Appeal, Case, Comment, Decision, Report
from .reasons import Reason
from .states import State

MONTHS = 12
FEW = 5  # a smaller number is not told
KEPT = timedelta(hours=1)
ABOUT_COMMENTS = {
    "came_in": "Came in",
    "approved": "Approved",
    "returned": "Returned for a change",
    "declined": "Declined",
    "spam": "Spam",
    "removed": "Removed later",
    "withdrawn": "Withdrawn by their writers",
}
ABOUT_LOOKS = {
    "reports": "Reports",
    "stays": "Looked at, comment stays",
    "gone": "Comment no longer shown",
    "asked": "Appeals",
    "changed": "Decision changed",
}

Counts = dict[date, dict[str, int]]


@dataclass(frozen=True)
class Month:
    first: date
    comments: list[str]  # in the order of ABOUT_COMMENTS; empty: nothing happened
    looks: list[str]
    half_within: str


def months() -> list[Month]:
    """The last twelve full months, the newest first. Full months hardly change, so the answer is kept for an hour."""
    this = timezone.localdate().replace(day=1)
    key = f"moderation-report:{this}"
    kept: list[Month] | None = cache.get(key)
    if kept is None:
        kept = _work_out(this)
        cache.set(key, kept, KEPT.total_seconds())
    return kept


def told(counts: dict[str, int]) -> dict[str, str]:
    """The numbers of one month as they may be told.

    In a month with a number under five every other one is rounded to the nearest five: from exact ones the small one
    could be worked out by subtracting, and from rounded totals beside exact parts sometimes too.
    """
    has_few = any(0 < count < FEW for count in counts.values())
    return {name: _told(count, roughly=has_few) for name, count in counts.items()}


def _told(count: int, *, roughly: bool) -> str:
    if count == 0:
        return "none"
    if count < FEW:
        return f"fewer than {FEW}"
    return f"about {FEW * round(count / FEW)}" if roughly else str(count)


def _work_out(this: date) -> list[Month]:
    firsts = [_before(this, months=number) for number in range(1, MONTHS + 1)]
    since, until = _start(firsts[-1]), _start(this)
    counts = _counts(since, until)
    waits: dict[date, list[float]] = defaultdict(list)
    for one in figures.decided_between(since, until):
        if one.waited is not None and not one.undone:
            waits[timezone.localdate(one.at).replace(day=1)].append(one.waited)
    return [_month(first, counts[first], sorted(waits[first])) for first in firsts]


def _month(first: date, counts: dict[str, int], waits: list[float]) -> Month:
    words = told({name: counts.get(name, 0) for name in (*ABOUT_COMMENTS, *ABOUT_LOOKS)})
    comments, looks = ([words[name] for name in names] for names in (ABOUT_COMMENTS, ABOUT_LOOKS))
    return Month(
        first,
        comments if any(counts.get(name) for name in ABOUT_COMMENTS) else [],
        looks if any(counts.get(name) for name in ABOUT_LOOKS) else [],
        _half_within(waits),
    )


def _half_within(waits: list[float]) -> str:
    half = figures.nearest_rank(waits, 0.5) if len(waits) >= FEW else None
    if half is None:
        return "too few to say"
    steps = (words for hours, words in answer_time.STEPS.items() if half <= hours * 3600)
    return next(steps, "more than a week")


def _counts(since: datetime, until: datetime) -> Counts:
    counts: Counts = defaultdict(dict)
    time = (since, until)
    moves = Decision.objects.filter(undoes=None).exclude(reason=Reason.STAFF).exclude(figures.taken_back())
    withdrawn = moves.filter(to=State.WITHDRAWN, reason=Reason.WRITER)
    _add(counts, "came_in", Comment.objects.filter(by=None), "created_at", time)
    _add(counts, "withdrawn", withdrawn, "at", time)
    _add(counts, "", moves.filter(to__in=figures.OUTCOMES), "at", time, by="to")
    _add(counts, "reports", Report.objects.all(), "created_at", time)
    looked_at = Case.objects.exclude(outcome=Case.Outcome.OPEN)
    _add(counts, "", looked_at, "closed_at", time, by="outcome")
    _add(counts, "asked", Appeal.objects.all(), "asked_at", time)
    _add(counts, "changed", Appeal.objects.filter(outcome=Appeal.Outcome.CHANGED), "closed_at", time)
    return counts


def _add(
    counts: Counts, name: str, rows: QuerySet[Any], at: str, time: tuple[datetime, datetime], *, by: str = ""
) -> None:
    """Count the rows by month: under ``name``, or under the values of the column ``by``."""
    rows = rows.filter(**{f"{at}__gte": time[0], f"{at}__lt": time[1]}).annotate(month=TruncMonth(at))
    columns = ["month", by] if by else ["month"]
    for row in rows.order_by().values(*columns).annotate(count=Count("pk")):
        counts[timezone.localdate(row["month"])][str(row[by]) if by else name] = row["count"]


def _before(first: date, *, months: int) -> date:
    number = first.year * 12 + first.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _start(first: date) -> datetime:
    return timezone.make_aware(datetime.combine(first, datetime.min.time()))
