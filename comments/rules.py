"""Changing the rules that comments are screened by. Each change holds for the very next comment."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from fibroblog import pages

from . import log
from .models import Decision, Rule


@transaction.atomic
def save_rule(rule: Rule, *, by: User | None = None) -> Rule:
    """Raises BadRule when the rule cannot be used."""
    from .screening.rulebook import ready

    ready(rule)
    was = Rule.objects.filter(pk=rule.pk).first()
    rule.by = by
    rule.save()
    log.note(Decision.What.RULE, by=by, about=rule.pk, was=_all_of(was), to=_all_of(rule))
    pages.changed(rules=True)
    return rule


@transaction.atomic
def delete_rules(rules: Iterable[Rule], *, by: User | None = None) -> None:
    for rule in rules:  # one by one, so that the history has each
        log.note(Decision.What.RULE, by=by, about=rule.pk, was=_all_of(rule))
        rule.delete()
    pages.changed(rules=True)


def _all_of(rule: Rule | None) -> str:
    if rule is None:
        return ""
    use = "" if rule.is_active else " (not in use)"
    return f"{rule.get_action_display()}: {rule.text} [{rule.form}, {rule.language}]{use}"
