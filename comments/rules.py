"""Changing the rules that comments are screened by. Each change holds for the very next comment."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from fibroblog import pages

from .models import Rule


@transaction.atomic
def save_rule(rule: Rule, *, by: User | None = None) -> Rule:
    """Raises BadRule when the rule cannot be used."""
    from .screening.rulebook import ready

    ready(rule)
    rule.by = by
    rule.save()
    pages.changed(rules=True)
    return rule


@transaction.atomic
def delete_rules(rules: Iterable[Rule]) -> None:
    for rule in rules:  # one by one, so that the history has each
        rule.delete()
    pages.changed(rules=True)
