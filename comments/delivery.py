"""The worker's side of the outbox: claims what is due, sends it, tries again later, gives up in the end.

A mail is claimed before it is sent and marked after. Only a crash between the two can send it twice.
"""

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.errors import MessageError
from itertools import groupby
from typing import cast

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.db.models.lookups import Exact
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from fibroblog import limits

from . import hours, notifications
from .models import Commenter, DeskMail, Mail

BATCH = 200  # mails of one round
CLAIM = timedelta(minutes=15)  # longer than any single mail can take to be sent
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440)]
# Failures that say nothing of the next letter: it was refused, or cannot even be put on paper.
OF_ONE_LETTER = smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError | ValueError | MessageError
DIGESTIBLE = {Mail.Kind.REPLY, Mail.Kind.DISCUSSION, Mail.Kind.DECISION, Mail.Kind.REPORT}
# To moderators, who may have quiet hours. Word of somebody at risk is not among them.
HELD = {Mail.Kind.WAITING, Mail.Kind.DIGEST, Mail.Kind.OPINION, Mail.Kind.HANDED, Mail.Kind.ALARM}

logger = logging.getLogger(__name__)


@task()
def send_due() -> int:
    return deliver()


def wake() -> None:
    """Have the worker look at the outbox now. Part of the caller's transaction."""
    if not DBTaskResult.objects.filter(task_path=send_due.module_path, status="READY").exists():
        send_due.enqueue()


def deliver() -> int:
    """Send what is due; returns how many mails went out. What fails waits for its next turn."""
    now = timezone.now()
    # Whoever claimed these is dead; a mail that outlives no worker is given up like any other.
    dead = Mail.objects.filter(state=Mail.State.SENDING, claimed_at__lt=now - CLAIM)
    dead.filter(attempts__gte=limits.MAIL_ATTEMPTS).update(state=Mail.State.GIVEN_UP, problem="WorkerDied")
    dead.update(state=Mail.State.WAITING)
    due = Mail.objects.filter(state=Mail.State.WAITING, due_at__lte=now).select_related("commenter")
    risk_first = Exact(F("kind"), Mail.Kind.RISK).desc()  # somebody may be in danger
    sent = 0
    for bundle in _bundles(_hold(list(due.order_by(risk_first, "due_at", "pk")[:BATCH]), now)):
        claimed = _claim(bundle)
        letter = notifications.letter_for(claimed)
        true = [mail for mail in claimed if mail in letter.tells] if letter else []
        _mark([mail for mail in claimed if mail not in true], Mail.State.DROPPED)
        if letter is None or not true:
            continue
        try:
            _send(letter.message)
        except (OSError, ValueError, MessageError) as failure:
            _put_off(true, failure)
            if not isinstance(failure, OF_ONE_LETTER):
                break  # the server itself is in trouble: the others wait for the next round, unclaimed
        else:
            _mark(true, Mail.State.SENT)
            sent += 1
    return sent


def _hold(mails: Sequence[Mail], now: datetime) -> list[Mail]:
    """Those to send now. What is for a moderator in their quiet hours waits until these end, however it came to be due
    only then: written in them, or put off by a server that was down."""
    asleep = {
        choice.user_id: awake_at
        for choice in DeskMail.objects.filter(user__in={mail.user_id for mail in mails if mail.kind in HELD})
        if (awake_at := hours.awake_at(now, choice.quiet_from, choice.quiet_to)) > now
    }
    held = [mail for mail in mails if mail.kind in HELD and mail.user_id in asleep]
    for mail in held:
        same = Mail.objects.filter(pk=mail.pk, state=Mail.State.WAITING)
        same.update(due_at=asleep[cast("int", mail.user_id)])
    return [mail for mail in mails if mail not in held]


def _bundles(mails: Sequence[Mail]) -> list[list[Mail]]:
    """Mails that go out as one: those of a person who wants one a day."""

    def together(mail: Mail) -> tuple[int, int]:
        daily = mail.commenter is not None and mail.commenter.pace == Commenter.Pace.DAILY
        return (mail.commenter_id or 0, 0) if daily and mail.kind in DIGESTIBLE else (0, mail.pk)

    in_order = sorted(mails, key=together)
    bundles = [list(group) for _, group in groupby(in_order, key=together)]
    return sorted(
        bundles, key=lambda bundle: (bundle[0].kind != Mail.Kind.RISK, min(mail.pk for mail in bundle))
    )


@transaction.atomic
def _claim(bundle: Sequence[Mail]) -> list[Mail]:
    """Those that nobody else has, as they are now: what they tell may have changed since the round began.

    In one transaction, so that of two workers one gets the whole bundle and no digest is torn in two.
    """
    now, mine = timezone.now(), []
    for mail in bundle:
        free = Mail.objects.filter(pk=mail.pk, state=Mail.State.WAITING)
        if free.update(state=Mail.State.SENDING, claimed_at=now, attempts=F("attempts") + 1):
            mine.append(mail.pk)
    related = [
        "commenter",
        "user__desk_mail",
        "confirmation__article",
        "case",
        "decision",
        "comment__article",
    ]
    fresh = Mail.objects.filter(pk__in=mine).select_related(*related, "comment__parent")
    return list(fresh.order_by("pk"))


def _send(message: EmailMessage) -> None:
    with get_connection() as connection:
        connection.send_messages([message])


def _mark(mails: Sequence[Mail], state: Mail.State) -> None:
    if not mails:
        return
    sent_at = timezone.now() if state == Mail.State.SENT else None
    # Not "mine": a row that was erased meanwhile stays erased.
    Mail.objects.filter(pk__in=[mail.pk for mail in mails], state=Mail.State.SENDING).update(
        state=state, sent_at=sent_at, claimed_at=None, problem=""
    )


@transaction.atomic
def _put_off(mails: Sequence[Mail], failure: Exception) -> None:
    """Later, with growing pauses; or never, when the other side says that it will not take it, or after many tries."""
    logger.warning("A mail could not be sent: %s", _kind_of(failure))
    for mail in mails:
        over = mail.attempts >= limits.MAIL_ATTEMPTS or _is_final(failure)
        pause = BACK_OFF[min(mail.attempts, len(BACK_OFF)) - 1]
        Mail.objects.filter(pk=mail.pk, state=Mail.State.SENDING).update(
            state=Mail.State.GIVEN_UP if over else Mail.State.WAITING,
            due_at=timezone.now() + pause,
            claimed_at=None,
            problem=_kind_of(failure),
        )


def _is_final(failure: Exception) -> bool:
    """Whether this very letter was refused for good (5xx); a server that refuses us altogether may be mended."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in failure.recipients.values())
    if isinstance(failure, smtplib.SMTPDataError):
        return bool(failure.smtp_code >= 500)
    return isinstance(failure, OF_ONE_LETTER)


def _kind_of(failure: Exception) -> str:
    """The kind of failure and its number, never its text: servers repeat addresses in it."""
    code = getattr(failure, "smtp_code", None)
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        code = next((code for code, _ in failure.recipients.values()), None)
    return f"{type(failure).__name__}{f' {code}' if code else ''}"


@transaction.atomic
def try_again(mails: Sequence[Mail]) -> int:
    """An administrator sends mails that were given up once more, from the first attempt on."""
    again = Mail.objects.filter(pk__in=[mail.pk for mail in mails], state=Mail.State.GIVEN_UP)
    count = again.update(state=Mail.State.WAITING, attempts=0, due_at=timezone.now())
    if count:
        wake()
    return count


def forget_old() -> None:
    """Which mail was sent is needed only as long as the same could be told again."""
    old = timezone.now() - timedelta(days=limits.MAIL_DAYS)
    done = [Mail.State.SENT, Mail.State.DROPPED, Mail.State.GIVEN_UP]
    Mail.objects.filter(created_at__lt=old, state__in=done).delete()
