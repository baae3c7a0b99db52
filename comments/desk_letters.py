"""The letters to moderators about what waits. No word of a visitor stands in one, unless that moderator chose so.

`notifications` makes them into mails. What is no longer true, or no longer wanted, becomes no letter.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from django.contrib.auth.models import User
from django.db.models import Min
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from fibroblog import limits, policy

from . import desk_links
from .figures import in_words
from .letters import Words, absolute, stop_link
from .marking import marked
from .models import Appeal, Claim, Comment, DeskMail, Mail
from .moderators import is_moderator
from .querysets import CommentQuerySet
from .screening.words import for_mail, for_moderators
from .states import State
from .tokens import Action

Pace = DeskMail.Pace


@dataclass
class Entry:
    """One comment in a letter."""

    article: str
    waited: str
    card: str
    signals: list[str] = field(default_factory=list)
    name: str = ""
    words: list[str] = field(default_factory=list)  # lines, where the moderator chose to get them
    approve: str = ""  # links, where one may decide by them
    spam: str = ""


def choice_of(user: User) -> DeskMail:
    """What a moderator chose, or what holds for those who never did."""
    return getattr(user, "desk_mail", None) or DeskMail(user=user)


def _waiting(mail: Mail, choice: DeskMail) -> Words | None:
    comment = cast("Comment", mail.comment)
    if choice.pace != Pace.AT_ONCE or comment.state != State.PENDING or comment.at_risk:
        return None
    return _words("waiting", choice, comment, links=desk_links.are_enough_from(choice.user))


def _opinion(mail: Mail, choice: DeskMail) -> Words | None:
    comment = cast("Comment", mail.comment)
    if (
        choice.pace != Pace.AT_ONCE
        or not Comment.objects.asking_others(choice.user).filter(pk=comment.pk).exists()
    ):
        return None
    return _words("opinion", choice, comment)


def _handed(mail: Mail, choice: DeskMail) -> Words | None:
    comment = cast("Comment", mail.comment)
    claim = Claim.objects.on(comment)
    if choice.pace == Pace.NEVER or claim is None or claim.by_id != choice.user_id or claim.handed_by is None:
        return None  # decided meanwhile, or taken back
    return _words("handed", choice, comment, who=claim.handed_by.get_username())


def _digest(mail: Mail, choice: DeskMail) -> Words | None:
    if choice.pace != Pace.DIGEST:
        return None
    me = choice.user
    waiting = Comment.objects.waiting().not_by(me)
    counts = {
        "waiting": waiting.count(),
        "reported": Comment.objects.reported().not_by(me).count(),
        # The first decider cannot decide an appeal.
        "appeals": Appeal.objects.filter(outcome=Appeal.Outcome.OPEN).exclude(decision__by=me).count(),
        "asking": Comment.objects.asking_others(me).count(),
    }
    if not any(counts.values()):
        return None
    first = _for_entries(waiting.order_by("-at_risk", "created_at", "pk")[: limits.DESK_MAIL_COMMENTS])
    links = desk_links.are_enough_from(me)
    entries = [_entry(comment, choice, links=links) for comment in first]
    more: dict[str, object] = {
        **counts,
        "count": sum(counts.values()),
        "oldest": _since(waiting.aggregate(at=Min("created_at"))["at"]),
        "entries": entries,
        "left_out": counts["waiting"] - len(entries),
        **_of_links(entries),
    }
    return Words("desk_digest", absolute(reverse("queue")), stop=_stop(choice), more=more)


def _alarm(mail: Mail, choice: DeskMail) -> Words | None:
    hours = policy.current().alarm_hours
    overdue = Comment.objects.overdue(hours).not_by(choice.user) if hours and choice.alarm else None
    if overdue is None or not overdue.exists():
        return None
    more: dict[str, object] = {
        "hours": hours,
        "count": overdue.count(),
        "oldest": _since(overdue.aggregate(at=Min(Coalesce("edited_at", "created_at")))["at"]),
    }
    stop = stop_link("alarm", Action.STOP_ALARM, about=choice.user_id, revision=1)
    return Words("alarm", absolute(reverse("queue")), stop=stop, more=more)


def _if_wanted(words: Callable[[Mail, DeskMail], Words | None]) -> Callable[[Mail], Words | None]:
    """Nothing for somebody who moderates no more."""

    def checked(mail: Mail) -> Words | None:
        user = cast("User", mail.user)  # mails of these kinds go to one
        return words(mail, choice_of(user)) if is_moderator(user) else None

    return checked


WORDS: dict[Mail.Kind, Callable[[Mail], Words | None]] = {
    Mail.Kind.WAITING: _if_wanted(_waiting),
    Mail.Kind.DIGEST: _if_wanted(_digest),
    Mail.Kind.OPINION: _if_wanted(_opinion),
    Mail.Kind.HANDED: _if_wanted(_handed),
    Mail.Kind.ALARM: _if_wanted(_alarm),
}


def _words(
    template: str, choice: DeskMail, comment: Comment, *, links: bool = False, **more: object
) -> Words:
    (comment,) = _for_entries(Comment.objects.filter(pk=comment.pk))
    entry = _entry(comment, choice, links=links)
    context = {"entry": entry, **more, **_of_links([entry])}
    return Words(template, entry.card, stop=_stop(choice), more=context)


def _for_entries(comments: CommentQuerySet) -> CommentQuerySet:
    return comments.select_related("article").prefetch_related("verdicts")


def _entry(comment: Comment, choice: DeskMail, *, links: bool) -> Entry:
    found = [verdict for verdict in comment.verdicts.all() if verdict.revision == comment.revision]
    # What can hurt who reads it unprepared is folded on the card: nobody meets it in their mail.
    shows = choice.with_text and not comment.at_risk and not marked(comment, found).is_distressing
    words = for_moderators if shows else for_mail
    entry = Entry(
        article=comment.article.title,
        waited=_since(comment.created_at),
        card=absolute(reverse("queue-card", args=[comment.public_id])),
        signals=[words(verdict.reason, verdict.detail) for verdict in found],
    )
    if shows:
        entry.name = comment.name
        entry.words = Truncator(comment.body).chars(limits.DESK_MAIL_LENGTH).splitlines()
    if links and desk_links.are_enough_for(comment):
        entry.approve, entry.spam = (
            absolute(desk_links.to_decide(comment, do, by=choice.user)) for do in ("approve", "spam")
        )
    return entry


def _of_links(entries: list[Entry]) -> dict[str, object]:
    return {"any_link": any(entry.approve for entry in entries), "hours_of_links": limits.DESK_LINK_HOURS}


def _since(moment: datetime | None) -> str:
    return in_words((timezone.now() - moment).total_seconds()) if moment else ""


def _stop(choice: DeskMail) -> str:
    return stop_link("desk", Action.STOP_DESK, about=choice.user_id, revision=1)
