"""What the learner learns from: persons' own decisions on visitors' texts as they stand. Run by the worker (`rounds`).

It begins from scratch each time, so that erased words are gone with the next time; nothing else forgets them. No other
module writes what is learnt.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from fibroblog import limits, pages

from . import learner, log
from .learner import Knowledge, Trial
from .learner_file import read, written
from .models import Appeal, Assessment, Case, Decision, Learnt, Rule, Verdict
from .querysets import DecisionQuerySet
from .reasons import Reason
from .screening import rulebook
from .screening.folding import Text
from .states import State

TRIED = 1_000  # of the newest texts, to see how well it does
AT_ONCE = 500  # texts in memory
SOON = timedelta(minutes=1)  # so that many erasures are one training
LEARNT_FROM = [State.APPROVED, State.SPAM]
# A person's decision, but not on the words: the staff's own, and all that waited of somebody who was blocked.
NOT_ON_THE_WORDS = [Reason.STAFF, Reason.BLOCKED]
AT_RISK = ["at_risk", "refused_but_at_risk"]


def row() -> Learnt:
    return Learnt.objects.filter(pk=1).first() or Learnt(pk=1)


def known(learnt: Learnt) -> Knowledge:
    own, imported = parts(learnt)
    return own + imported


def parts(learnt: Learnt) -> tuple[Knowledge, Knowledge]:
    """What the site learnt itself, and what was imported."""
    return read(learnt.counts), read(learnt.imported)


def is_being_done() -> bool:
    return bool(_tasks().filter(status__in=["READY", "RUNNING"]).exists())


@task()
def train() -> None:
    # Who asked for it until now is served by this run. Whoever erases words meanwhile asks anew.
    _tasks().filter(status="READY").delete()
    learnt, _ = Learnt.objects.get_or_create(pk=1)
    began = timezone.now()
    knowledge, trial = learner.study(_texts(since=learnt.learns_from), tried=TRIED)
    _keep(knowledge, trial, began=began, since=learnt.learns_from)


def ask(*, by: User) -> None:
    """Somebody wants it done now. Asked twice it is done once."""
    if not is_being_done():
        log.note(Decision.What.LEARNER, by=by, to="asked to learn now")
        train.enqueue()


def ask_when_due() -> None:
    """Every day, and sooner after enough new decisions."""
    trained_at = Learnt.objects.filter(pk=1).values_list("trained_at", flat=True).first()
    if _tasks().filter(status="READY").exists():
        return
    if trained_at is None or timezone.now() - trained_at > timedelta(days=1) or _is_much_new(trained_at):
        train.enqueue()


def forget_soon() -> None:
    """Words were erased: called in that transaction.

    It adds a task even where one waits: that one may have begun to read before this transaction ends. And it locks
    nothing, so that two who erase never wait for each other.
    """
    train.using(run_after=timezone.now() + SOON).enqueue()


@transaction.atomic
def take_in(knowledge: Knowledge, *, by: User) -> None:
    """Put what was imported in the place of an earlier import, beside what the site learnt itself."""
    learnt, _ = Learnt.objects.get_or_create(pk=1)
    was = read(learnt.imported)
    Learnt.objects.filter(pk=1).update(imported=written(knowledge))
    log.note(
        Decision.What.LEARNER, by=by, was=_in_words(was, "imported"), to=_in_words(knowledge, "imported")
    )
    pages.changed(learnt=True)


def hand_out(*, by: User) -> Knowledge:
    """For a file. It holds words of visitors, so it is noted who took it."""
    knowledge = known(row())
    log.note(Decision.What.LEARNER, by=by, to=_in_words(knowledge, "exported"))
    return knowledge


@transaction.atomic
def reset(*, by: User) -> None:
    """Forget all of it; only decisions from now on are learnt."""
    learnt, _ = Learnt.objects.get_or_create(pk=1)
    was = known(learnt)
    Learnt.objects.filter(pk=1).update(
        counts={}, imported={}, trial={}, learns_from=timezone.now(), trained_at=timezone.now()
    )
    log.note(Decision.What.LEARNER, by=by, was=_in_words(was, "known"), to=_in_words(Knowledge(), "known"))
    pages.changed(learnt=True)


@transaction.atomic
def _keep(knowledge: Knowledge, trial: Trial, *, began: datetime, since: datetime | None) -> None:
    """Unless somebody reset it meanwhile, or another run read the decisions later than this one did."""
    same = Learnt.objects.filter(pk=1, learns_from=since, trained_at__lte=began)
    was = read(row().counts)
    if not same.update(counts=written(knowledge), trial=asdict(trial), trained_at=began):
        return
    if (was.spam, was.ham) != (knowledge.spam, knowledge.ham):
        log.note(
            Decision.What.LEARNER, by=None, was=_in_words(was, "learnt"), to=_in_words(knowledge, "learnt")
        )
    pages.changed(learnt=True)


def _texts(*, since: datetime | None) -> Iterator[tuple[str, bool]]:
    """Newest first, and whether each is spam. What a rule of today says of somebody at risk is left out, too."""
    rules = rulebook.current()
    rows = _decided(since).values_list("comment__body", "to").order_by("-pk")[: limits.LEARN_TEXTS]
    for body, to in rows.iterator(chunk_size=AT_ONCE):
        if not rules.fitting(Rule.Action.RISK, Text(body)):
            yield body, to == State.SPAM


def _decided(since: datetime | None) -> DecisionQuerySet:
    """The last decision on each text, where a person made it and nobody contests it."""
    decided = Decision.objects.filter(
        by__isnull=False,
        to__in=LEARNT_FROM,
        comment__state=F("to"),
        comment__revision=F("revision"),
        comment__by=None,
        comment__at_risk=False,
    )
    if since is not None:
        decided = decided.filter(at__gte=since)
    here = {"comment": OuterRef("comment")}
    return decided.exclude(reason__in=NOT_ON_THE_WORDS).exclude(comment__body="").exclude(
        Exists(Decision.objects.filter(**here, pk__gt=OuterRef("pk")))
        | Exists(Assessment.objects.filter(**here))
        | Exists(Verdict.objects.filter(**here, reason__in=AT_RISK))
        | Exists(Appeal.objects.filter(**here, outcome=Appeal.Outcome.OPEN))
        | Exists(Case.objects.filter(**here, outcome=Case.Outcome.OPEN))
    )  # fmt: skip


def _is_much_new(trained_at: datetime) -> bool:
    new = Decision.objects.filter(at__gt=trained_at, by__isnull=False, to__in=LEARNT_FROM)
    return bool(len(new.values_list("pk")[: limits.LEARN_AFTER]) >= limits.LEARN_AFTER)


def _tasks() -> Any:  # the library's own kind of queryset has no types
    return DBTaskResult.objects.filter(task_path=train.module_path)


def _in_words(knowledge: Knowledge, what: str) -> str:
    """Counts only: the log holds no words of anybody."""
    return f"{what}: {knowledge.spam} spam, {knowledge.ham} approved, {len(knowledge.words)} words"
