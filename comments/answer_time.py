"""How soon a comment is usually decided on: worked out daily from what was decided, and told on the comment form.

"Usually" is four out of five decisions of the last 30 days. Nobody is promised anything from fewer than ten decisions,
or where it takes longer than a week.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from fibroblog import pages

from . import figures
from .models import AnswerTime

USUALLY = 0.8
LEAST = 10  # decisions
STEPS = {  # hours
    2: "two hours",
    6: "six hours",
    12: "twelve hours",
    24: "a day",
    48: "two days",
    72: "three days",
    168: "a week",
}


def promise() -> str:
    """What stands after "usually within"; empty where there is nothing to go by."""
    row = AnswerTime.objects.filter(pk=1).first()
    return STEPS.get(row.within_hours or 0, "") if row else ""


@transaction.atomic
def work_out() -> AnswerTime:
    """The step shows on every post, so the site's stamp moves, but only when it is another step than before."""
    now = timezone.now()
    hours = step_for(figures.waits_between(now - timedelta(days=figures.DAYS)))
    before = AnswerTime.objects.filter(pk=1).first()
    row, _ = AnswerTime.objects.update_or_create(pk=1, defaults={"within_hours": hours, "worked_out_at": now})
    if hours != (before.within_hours if before else None):
        pages.changed(site=True)
    return row


def step_for(waits: list[float]) -> int | None:
    """``waits`` in seconds, shortest first."""
    usual = figures.nearest_rank(waits, USUALLY) if len(waits) >= LEAST else None
    if usual is None:
        return None
    return next((hours for hours in STEPS if usual <= hours * 3600), None)
