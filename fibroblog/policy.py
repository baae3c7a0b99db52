"""The policy of the blog: read here by whoever needs it, changed here and nowhere else."""

from django.db import transaction

from . import pages
from .models import Policy


def current() -> Policy:
    """The policy in force; the ordinary one where nobody ever changed it."""
    return Policy.objects.filter(pk=1).first() or Policy(pk=1)


@transaction.atomic
def change(policy: Policy) -> Policy:
    """Put a policy in force. It shows on every page, so every stamp that stands for all of them moves."""
    policy.pk = 1
    policy.save()
    pages.changed(site=True)
    return policy
