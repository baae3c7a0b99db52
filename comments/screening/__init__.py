"""The one pipeline that every text passes, new or edited: small checks, cheapest first.

A check is a module with ``check(submission) -> Verdict``. It decides nothing by itself; `posting` acts on the verdicts.
A check that fails means "a person should look", never "let it through".
"""

import logging
from types import ModuleType

from . import form, links, rates, repeats, speed, trap
from .verdicts import Outcome, Submission, Verdict

CHECKS: tuple[ModuleType, ...] = (trap, speed, form, links, rates, repeats)

logger = logging.getLogger(__name__)


def screen(submission: Submission) -> list[Verdict]:
    """What the checks found, in their order; empty when all passed. A refusal ends the round."""
    found: list[Verdict] = []
    for module in CHECKS:
        name = module.__name__.rpartition(".")[2]
        try:
            verdict: Verdict = module.check(submission)
        except Exception:  # whatever a check raises, a person looks
            logger.exception("The check %s failed", name)
            verdict = Verdict(Outcome.HOLD, "check_failed")
        if verdict.outcome is not Outcome.PASS:
            found.append(Verdict(verdict.outcome, verdict.reason, verdict.detail, name))
        if verdict.outcome is Outcome.REFUSE:
            break
    return found
