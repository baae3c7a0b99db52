"""The policy of the blog: read here by whoever needs it, changed here and nowhere else."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from comments import log
from comments.models import Decision

from . import pages
from .models import Policy


def current() -> Policy:
    """The policy in force; the ordinary one where nobody ever changed it."""
    return Policy.objects.filter(pk=1).first() or Policy(pk=1)


@transaction.atomic
def change(policy: Policy, *, by: User | None = None) -> Policy:
    """Put a policy in force. It shows on every page, so every stamp that stands for all of them moves."""
    was = current()
    policy.pk = 1
    policy.save()
    for field in policy._meta.concrete_fields:
        old, new = (field.value_to_string(row) for row in (was, policy))
        if old != new:
            name = str(field.verbose_name)
            log.note(Decision.What.SETTING, by=by, was=f"{name}: {old}", to=f"{name}: {new}")
    # The learner's stamp stands for the switch, too: screening reads nothing else for each comment.
    pages.changed(site=True, learnt=was.learner_hint != policy.learner_hint)
    return policy


def pause(*, until: datetime, sentence: str, by: User | None) -> Policy:
    """Nobody comments anywhere until then; ``sentence`` tells the readers why."""
    rested = current()
    rested.paused_until, rested.pause_sentence = until, sentence
    return change(rested, by=by)


def resume(*, by: User | None) -> Policy:
    """Before the pause ends by itself."""
    back = current()
    back.paused_until, back.pause_sentence = None, ""
    return change(back, by=by)
