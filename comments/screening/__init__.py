"""The one pipeline that every text passes, new, edited or imported: small checks, cheapest first.

A check is a module with ``check(submission) -> Verdict``. It decides nothing by itself; `posting` acts on the verdicts.
A check that fails means "a person should look", never "let it through".
"""

import logging
import traceback
from collections.abc import Iterable
from dataclasses import replace
from types import ModuleType

from . import (
    akismet,
    crisis,
    doctors,
    doses,
    emails,
    form,
    language,
    learnt,
    links,
    measures,
    names,
    phones,
    rates,
    record,
    repeats,
    rules,
    sales,
    speed,
    streets,
    trap,
)
from .verdicts import Outcome, Submission, Verdict

# Before every check that may refuse.
FIRST: tuple[ModuleType, ...] = (crisis, measures)
OF_THE_TEXT: tuple[ModuleType, ...] = (
    trap, speed, form, links, doses, sales, phones, emails, streets, doctors, rules, language,
)  # fmt: skip
OF_THE_SENDER: tuple[ModuleType, ...] = (names, repeats, record, rates)
# Not about who may be at risk.
ASKED_LAST: tuple[ModuleType, ...] = (learnt, akismet)
CHECKS = FIRST + OF_THE_TEXT + OF_THE_SENDER + ASKED_LAST

logger = logging.getLogger(__name__)


def screen(submission: Submission) -> list[Verdict]:
    """What the checks found, in their order; empty when all passed. A refusal ends the round.

    A nudge in the answer means that the writer shall be asked to think again: then nothing else was looked at or
    counted. Who was asked already, may be at risk, or is a robot is not asked.
    """
    found = _found_by(FIRST + OF_THE_TEXT, submission)
    if _any(found, Outcome.REFUSE):
        return found
    at_risk = crisis.was_found(found)
    if not submission.nudged and not at_risk and not _any(found, Outcome.SPAM) and _any(found, Outcome.NUDGE):
        return found
    found = [
        replace(verdict, outcome=Outcome.HOLD) if verdict.outcome is Outcome.NUDGE else verdict
        for verdict in found
    ]
    found += _found_by(OF_THE_SENDER, submission)
    if not at_risk and not _any(found, Outcome.SPAM, Outcome.REFUSE):
        found += _found_by(ASKED_LAST, submission)
    return found


def advise(submission: Submission) -> list[Verdict]:
    """What a writer could think again of, before they send it: for the preview."""
    found = _found_by(FIRST + OF_THE_TEXT, submission)
    return [] if crisis.was_found(found) else [v for v in found if v.outcome is Outcome.NUDGE]


def _found_by(checks: Iterable[ModuleType], submission: Submission) -> list[Verdict]:
    found: list[Verdict] = []
    for module in checks:
        name = module.__name__.rpartition(".")[2]
        try:
            verdict: Verdict = module.check(submission)
        except Exception as problem:  # noqa: BLE001  # whatever a check raises, a person looks
            # The kind and the place only: an error's own words may hold the comment's.
            place = traceback.extract_tb(problem.__traceback__)[-1]
            kind = type(problem).__name__
            logger.error("The check %s failed: %s at %s:%s", name, kind, place.filename, place.lineno)
            verdict = Verdict(Outcome.HOLD, "check_failed")
        if verdict.outcome is not Outcome.PASS:
            found.append(replace(verdict, check=name))
        if verdict.outcome is Outcome.REFUSE:
            break
    return found


def _any(verdicts: list[Verdict], *outcomes: Outcome) -> bool:
    return any(verdict.outcome in outcomes for verdict in verdicts)
