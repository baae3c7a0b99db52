"""What moderators chose to hear by mail: the only code that changes it. What is sent when follows from it."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from . import hours, outbox
from .models import DeskMail, Mail
from .moderators import moderators


@transaction.atomic
def choose(choice: DeskMail) -> DeskMail:
    """Keep it, and let the mail that waits follow it."""
    fields = ["pace", "hours", "quiet_from", "quiet_to", "with_text", "alarm"]
    chosen = {field: getattr(choice, field) for field in fields}
    kept, _ = DeskMail.objects.update_or_create(user=choice.user, defaults=chosen)
    outbox.look_again_at_desk_mail(choice.user)
    plan_digests()
    return kept


@transaction.atomic
def stop(user: User) -> None:
    """No mail about what waits any more; the alarm has a switch of its own."""
    DeskMail.objects.update_or_create(user=user, defaults={"pace": DeskMail.Pace.NEVER})
    outbox.look_again_at_desk_mail(user)


@transaction.atomic
def stop_alarm(user: User) -> None:
    DeskMail.objects.update_or_create(user=user, defaults={"alarm": False})
    outbox.look_again_at_desk_mail(user)


def plan_digests() -> None:
    """See to it that the next digest of everybody who wants them is planned, and no other."""
    planned = Mail.objects.filter(user=OuterRef("user"), kind=Mail.Kind.DIGEST)
    planned = planned.filter(state__in=[Mail.State.WAITING, Mail.State.SENDING])
    wanted = DeskMail.objects.filter(pace=DeskMail.Pace.DIGEST, user__in=moderators()).exclude(hours="")
    now = timezone.now()
    for choice in wanted.exclude(Exists(planned)).select_related("user"):
        outbox.plan_digest(choice.user, at=min(hours.next_at(hour, now) for hour in choice.digest_hours))
