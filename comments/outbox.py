"""Mail to be sent: written here as rows, in the transaction of what it tells, once for each person and event.

Nobody else writes these rows, and nothing is sent from here: `delivery` does that, in the worker.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from fibroblog import limits
from fibroblog.addresses import normal
from fibroblog.visit import keyed_hash

from .delivery import HELD, wake
from .models import Appeal, Case, Claim, Comment, Commenter, Confirmation, Decision, DeskMail, Mail, Remark
from .moderators import moderators
from .states import State

TOLD_TO_WRITERS = {State.APPROVED, State.DECLINED, State.RETURNED, State.REMOVED}


def ask_for_confirmation(confirmation: Confirmation) -> None:
    _put(
        Mail(
            kind=Mail.Kind.CONFIRM,
            event=f"confirm:{confirmation.pk}",
            recipient=recipient(confirmation.email),
            confirmation=confirmation,
            comment=confirmation.comment,
        )
    )


def pass_on_confirmations(comment: Comment) -> None:
    """A comment goes: the question that its address was sent is now about the next one that it covers, or goes too."""
    asked = Confirmation.objects.filter(comment=comment)
    # A later one: whoever holds a thread may wait for younger ones only.
    covered = Comment.objects.owned_by(comment.owner).filter(email=comment.email, pk__gt=comment.pk)
    heir = covered.exclude(email="").exclude(state=State.SPAM).order_by("pk").first()
    if heir is None:
        asked.delete()
        return
    Mail.objects.filter(confirmation__in=asked).update(comment=heir)
    asked.update(comment=heir, name=heir.name)


def send_own_page(person: Commenter) -> None:
    _put(
        Mail(
            kind=Mail.Kind.OWN_PAGE,
            event=f"own-page:{person.links}:{timezone.now():%Y%m%d%H%M}",
            recipient=recipient(person.email),
            commenter=person,
        )
    )


def tell_writer(decision: Decision, comment: Comment) -> None:
    """A moderator's decision, to the person who wrote the comment. The system's own moves are no news.

    Each decision has a mail; whether it still holds, and is news, is seen when it goes.
    """
    writer = Commenter.objects.filter(comments=comment).first()
    if decision.by_id is None or decision.to not in TOLD_TO_WRITERS or writer is None:
        return
    _put(
        _to_person(
            writer,
            kind=Mail.Kind.DECISION,
            event=f"decision:{decision.pk}",
            comment=comment,
            decision=decision,
        )
    )


def tell_of_comment(comment: Comment) -> None:
    """A comment became visible: word to whom it answers, to who follows the post, and to the post's authors.

    However often it becomes visible, and however many of these somebody is, they get one mail.
    """
    if comment.shown_at and comment.shown_at < _told_since():
        return  # too old to know whom we told then
    event = _shown(comment)
    mails = _to_answered(comment)
    mails += [
        _to_person(person, kind=Mail.Kind.DISCUSSION, event=event, comment=comment)
        for person in Commenter.objects.filter(subscriptions__article=comment.article_id)
    ]
    authors = User.objects.filter(author__articles=comment.article_id, author__hears_of_comments=True)
    mails += [
        _to_user(user, kind=Mail.Kind.AUTHOR, event=event, comment=comment) for user in _active(authors)
    ]
    _put_for_others(comment, mails)


def catch_up(comment: Comment) -> None:
    """Its writer is known only now: word of what was decided on it before, and of who answered.

    Nobody else hears anything: they were told then, or did not want to be.
    """
    latest = Decision.objects.latest_of(comment)
    if latest is not None:
        tell_writer(latest, comment)
    for reply in comment.replies.last_shown().filter(shown_at__gte=_told_since()):
        _put_for_others(reply, _to_answered(reply))


def tell_moderators_of_risk(comment: Comment, appeal: Appeal | None = None) -> None:
    """At once, to everybody who may decide, without a word of the text: of a comment, or of what its writer says in an
    appeal. Whoever had ``RISK_MAILS_PER_HOUR`` of these gets one more that says that there are more, and then none for
    a while: a flood must not teach anybody to look away. It ends by itself as the first of them are an hour old.
    """
    event = f"risk:{comment.pk}:{comment.revision}" + (f":{appeal.pk}" if appeal else "")
    hour_ago, unsent = timezone.now() - timedelta(hours=1), [Mail.State.DROPPED, Mail.State.GIVEN_UP]
    recent = Mail.objects.filter(kind=Mail.Kind.RISK, created_at__gt=hour_ago).exclude(state__in=unsent)
    counts = Counter(recent.exclude(event=event).values_list("user", flat=True))
    mails = [
        _to_user(user, kind=Mail.Kind.RISK, event=event, comment=comment)
        if counts[user.pk] < limits.RISK_MAILS_PER_HOUR
        else _to_user(user, kind=Mail.Kind.RISK, event=f"more-{event}")
        for user in _active(moderators())
        if counts[user.pk] <= limits.RISK_MAILS_PER_HOUR
    ]
    _put(*mails)


def tell_of_waiting(comment: Comment) -> None:
    """A comment came in, or came back changed: word to the moderators who want to hear of each.

    Of who may be at risk they have heard already.
    """
    if comment.state != State.PENDING or comment.at_risk:
        return
    if not DeskMail.objects.filter(pace=DeskMail.Pace.AT_ONCE).exists():
        return  # mostly so, and on every comment's way
    listeners = _active(moderators().filter(desk_mail__pace=DeskMail.Pace.AT_ONCE))
    if not listeners:
        return
    older = Mail.objects.filter(comment=comment, kind=Mail.Kind.WAITING, state=Mail.State.WAITING)
    older.update(state=Mail.State.DROPPED)  # held since the text before: one mail is enough
    event = f"waiting:{comment.pk}:{comment.revision}"
    _put_for_others(
        comment, [_to_user(user, kind=Mail.Kind.WAITING, event=event, comment=comment) for user in listeners]
    )


def tell_of_question(remark: Remark, *, by: User) -> None:
    """A moderator asks for a second opinion: word to the others who want to hear at once."""
    others = moderators().filter(desk_mail__pace=DeskMail.Pace.AT_ONCE).exclude(pk=by.pk)
    event, comment = f"opinion:{remark.pk}", remark.comment
    _put(*(_to_user(user, kind=Mail.Kind.OPINION, event=event, comment=comment) for user in _active(others)))


def tell_of_handing(claim: Claim) -> None:
    """To whom a comment was handed over."""
    event = f"handed:{claim.comment_id}:{claim.until:%Y%m%d%H%M%S}"
    for user in _active([claim.by]):
        _put(_to_user(user, kind=Mail.Kind.HANDED, event=event, comment=claim.comment))


def tell_of_alarm(at: datetime) -> None:
    """To all moderators but those who switched the alarm off."""
    event = f"alarm:{at:%Y%m%d%H%M%S}"
    listeners = _active(moderators().exclude(desk_mail__alarm=False))
    _put(*(_to_user(user, kind=Mail.Kind.ALARM, event=event) for user in listeners))


def plan_digest(user: User, *, at: datetime) -> None:
    for one in _active([user]):
        mail = _to_user(one, kind=Mail.Kind.DIGEST, event=f"digest:{at:%Y%m%d%H%M}")
        mail.due_at = at
        _put(mail)


def look_again_at_desk_mail(user: User) -> None:
    """A moderator chose anew: what waits for them is due now, and then held or dropped by what holds now."""
    waiting = Mail.objects.filter(user=user, state=Mail.State.WAITING)
    waiting.filter(kind=Mail.Kind.DIGEST).update(state=Mail.State.DROPPED)
    waiting.filter(kind__in=HELD).update(due_at=timezone.now())


def tell_reporters(case: Case) -> None:
    """What became of a report, to those who reported and left a confirmed address."""
    people = Commenter.objects.filter(reports__case=case).distinct()
    _put(
        *(
            _to_person(
                person,
                kind=Mail.Kind.REPORT,
                event=f"case:{case.pk}:{case.outcome}",
                comment=case.comment,
                case=case,
            )
            for person in people
        )
    )


def tell_of_appeal(appeal: Appeal) -> None:
    """Another moderator looked, and the decision stands. Where it was changed the writer hears of the new one."""
    writer = Commenter.objects.filter(comments=appeal.comment).first()
    if writer is not None:
        event = f"appeal:{appeal.pk}"
        _put(_to_person(writer, kind=Mail.Kind.APPEAL, event=event, comment=appeal.comment))


def reschedule(person: Commenter) -> None:
    """Waiting mail follows a new choice of when; what is no longer wanted is dropped."""
    waiting = Mail.objects.filter(commenter=person, state=Mail.State.WAITING)
    waiting = waiting.exclude(kind=Mail.Kind.OWN_PAGE)
    if person.pace == Commenter.Pace.NEVER:
        waiting.update(state=Mail.State.DROPPED)
    else:
        waiting.update(due_at=due_for(person, timezone.now()))


def due_for(person: Commenter, now: datetime) -> datetime:
    """When a person wants to hear of something that happens now."""
    local = timezone.localtime(now)
    day = max(local.date(), person.quiet_until or local.date())
    digest = timezone.make_aware(datetime.combine(day, time(limits.DIGEST_HOUR)))
    if person.pace == Commenter.Pace.DAILY:
        return digest if digest > now else digest + timedelta(days=1)
    return now if day == local.date() else digest


def recipient(email: str) -> str:
    return keyed_hash("recipient", normal(email))


def _told_since() -> datetime:
    """Of what is older it is no longer known who was told."""
    return timezone.now() - timedelta(days=limits.MAIL_DAYS)


def _shown(comment: Comment) -> str:
    return f"comment:{comment.pk}"


def _to_answered(reply: Comment) -> list[Mail]:
    answered = reply.parent.commenter if reply.parent else None
    if answered is None or not answered.hears_replies:
        return []
    return [_to_person(answered, kind=Mail.Kind.REPLY, event=_shown(reply), comment=reply)]


def _to_person(person: Commenter, *, kind: Mail.Kind, event: str, comment: Comment, **about: object) -> Mail:
    return Mail(
        kind=kind,
        event=event,
        recipient=recipient(person.email),
        commenter=person,
        comment=comment,
        due_at=due_for(person, timezone.now()),
        # Nobody who wants no mail gets any, but that this happened is known: no late flood when they change their mind.
        state=Mail.State.DROPPED if person.pace == Commenter.Pace.NEVER else Mail.State.WAITING,
        **about,
    )


def _to_user(user: User, *, kind: Mail.Kind, event: str, comment: Comment | None = None) -> Mail:
    return Mail(kind=kind, event=event, recipient=recipient(user.email), user=user, comment=comment)


def _active(users: Iterable[User]) -> list[User]:
    return [user for user in users if user.is_active and user.email]


def _addresses_of_writer(comment: Comment) -> set[str]:
    """The hashes of whoever wrote it: that person, that account, and who confirmed to have written from that browser."""
    same_browser = Comment.objects.owned_by(comment.owner).exclude(commenter=None)
    people = Commenter.objects.filter(Q(comments=comment) | Q(comments__in=same_browser))
    emails = list(people.values_list("email", flat=True))
    return {recipient(email) for email in [*emails, comment.by.email if comment.by else ""]}


def _put_for_others(comment: Comment, mails: list[Mail]) -> None:
    """Nobody is told of what they wrote themselves."""
    its_writer = _addresses_of_writer(comment)
    _put(*(mail for mail in mails if mail.recipient not in its_writer))


def _put(*mails: Mail) -> None:
    """Keep the first mail for each person and event. One that was dropped unsent because it was no longer true, and
    that is true again, goes after all."""
    if not mails:
        return
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    for mail in mails:
        if mail.state == Mail.State.WAITING:
            again = Mail.objects.filter(event=mail.event, recipient=mail.recipient, state=Mail.State.DROPPED)
            again.update(state=Mail.State.WAITING, due_at=mail.due_at)
    wake()
