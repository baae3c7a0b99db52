"""What a letter is made of, and the addresses that stand in it. What it says is written elsewhere."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from fibroblog import limits

from . import tokens
from .tokens import Action


@dataclass
class Words:
    """A template's name, the letter's one link, how to stop, and what else the template needs."""

    template: str
    link: str
    stop: str = ""
    more: dict[str, object] = field(default_factory=dict)


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def link_to(name: str, action: Action, *, about: int, revision: int, holds: timedelta) -> str:
    token = tokens.sign(action, about=about, revision=revision, holds=holds)
    return absolute(reverse(name, args=[token]))


def stop_link(what: str, action: Action, *, about: int, revision: int) -> str:
    token = tokens.sign(action, about=about, revision=revision, holds=timedelta(days=limits.STOP_LINK_DAYS))
    return absolute(reverse("stop-mail", args=[what, token]))
