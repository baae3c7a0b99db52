"""Akismet's protocol: one question about one comment, with an answer in time or none.

What the answer means for a comment is decided in `screening` and below in `retry_akismet`, nowhere else.
"""

import threading
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from fibroblog import limits

from . import moderation
from .models import Verdict
from .reasons import Reason
from .states import State

PENDING_REASON = "akismet_unreachable"
NOBODY = "0.0.0.0"  # we keep no addresses, so a later question has none
AT_ONCE = 50  # comments in one round of asking again

_rests_until: datetime | None = None  # while it is down, nobody waits for it


class Unreachable(Exception):
    """No answer in time, or none that means anything."""


def is_on() -> bool:
    return bool(settings.AKISMET_KEY)


def is_spam(
    *, name: str, email: str, body: str, address: str = NOBODY, agent: str = "", probe: bool = False
) -> bool:
    """What Akismet says of a comment. Raises Unreachable, for a while without asking (but for a ``probe``)."""
    global _rests_until
    if not probe and _rests_until is not None and timezone.now() < _rests_until:
        raise Unreachable
    fields = {
        "api_key": settings.AKISMET_KEY,
        "blog": settings.SITE_URL,
        "user_ip": address,
        "user_agent": agent,
        "comment_type": "comment",
        "comment_author": name,
        "comment_author_email": email,
        "comment_content": body,
    }
    answer = _within(limits.AKISMET_SECONDS, fields)
    if answer not in {"true", "false"}:
        _rests_until = timezone.now() + timedelta(seconds=limits.AKISMET_REST_SECONDS)
        raise Unreachable
    _rests_until = None
    return answer == "true"


def _within(seconds: float, fields: dict[str, str]) -> str:
    """The answer, or nothing. A socket's own time-out starts anew with each byte, so a thread is left behind instead."""
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(_ask(seconds, fields)), daemon=True)
    asking.start()
    asking.join(seconds)
    return answers[0] if answers else ""


def _ask(seconds: float, fields: dict[str, str]) -> str:
    request = Request(settings.AKISMET_URL + "comment-check", data=urlencode(fields).encode())  # noqa: S310
    try:
        with urlopen(request, timeout=seconds) as response:  # noqa: S310  # the operator's own address
            return str(response.read(20).decode("ascii", "replace")).strip()
    except (OSError, URLError, ValueError):
        return ""


def forget() -> None:
    """Ask anew next time. For tests."""
    global _rests_until
    _rests_until = None


def retry_akismet() -> int:
    """Ask again about what came in while Akismet was down; returns about how many it knew an answer."""
    if not is_on():
        return 0
    open_questions = Verdict.objects.filter(
        reason=PENDING_REASON,
        revision=F("comment__revision"),
        comment__state=State.PENDING,
        comment__at_risk=False,
    ).select_related("comment")
    answered = 0
    for verdict in open_questions.order_by("pk")[:AT_ONCE]:
        comment = verdict.comment
        try:
            spam = is_spam(name=comment.name, email=comment.email, body=comment.body, probe=True)
        except Unreachable:
            break
        _settle(verdict, spam=spam)
        answered += 1
    return answered


@transaction.atomic
def _settle(verdict: Verdict, *, spam: bool) -> None:
    """Put the answer in the place of the question. A text that changed meanwhile was screened by itself."""
    question = Verdict.objects.filter(pk=verdict.pk, reason=PENDING_REASON)
    if not spam:
        question.delete()
        return
    question.update(outcome="spam", reason="akismet_spam")
    comment = verdict.comment
    with suppress(moderation.MoveRefused):  # somebody decided meanwhile, and people come first
        moderation.move(comment, State.SPAM, by=None, seen=moderation.Seen.of(comment), reason=Reason.AKISMET)
