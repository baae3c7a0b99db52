"""The policy of the blog: read here by whoever needs it, changed here and nowhere else."""

from copy import copy
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from comments import log
from comments.models import Decision

from . import pages
from .models import Policy

PAUSE = ("paused_until", "pause_sentence")


def current() -> Policy:
    """The policy in force; the ordinary one where nobody ever changed it."""
    return Policy.objects.filter(pk=1).first() or Policy(pk=1)


def change(policy: Policy, *, by: User | None = None) -> Policy:
    """Put a policy in force. A pause is not part of it: whoever looked at the form for long must not end one."""
    fields = {field.attname for field in policy._meta.concrete_fields} - {"id", *PAUSE}
    policy.pk = 1
    return _put({name: getattr(policy, name) for name in fields}, by=by)


def pause(*, until: datetime, sentence: str, by: User | None) -> Policy:
    """Nobody comments anywhere until then; ``sentence`` tells the readers why."""
    return _put({"paused_until": until, "pause_sentence": sentence}, by=by)


def resume(*, by: User | None) -> Policy:
    """Before the pause ends by itself."""
    return _put({"paused_until": None, "pause_sentence": ""}, by=by)


@transaction.atomic
def _put(values: dict[str, Any], *, by: User | None) -> Policy:
    """Store what is different from the row as it stands now, and nothing else. It shows on every page, so every stamp
    that stands for all of them moves."""
    # Unlike save, this is no step of the history.
    Policy.objects.bulk_create([Policy(pk=1)], ignore_conflicts=True)
    policy = Policy.objects.select_for_update().get(pk=1)
    was = copy(policy)
    changed = [name for name, value in values.items() if getattr(policy, name) != value]
    for name in changed:
        setattr(policy, name, values[name])
    policy.save(update_fields=changed)
    for field in policy._meta.concrete_fields:
        if field.attname in changed:
            name = str(field.verbose_name)
            old, new = (field.value_to_string(row) for row in (was, policy))
            log.note(Decision.What.SETTING, by=by, was=f"{name}: {old}", to=f"{name}: {new}")
    # The learner's stamp stands for the switch, too: screening reads nothing else for each comment.
    pages.changed(site=True, learnt="learner_hint" in changed)
    return policy
