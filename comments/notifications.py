"""Who is told what, in which words: turns rows of the outbox into a letter, or into nothing when it is no longer true.

No visitor's word, name or title goes into any letter to somebody else; only of moderators some choose otherwise, see
`desk_letters`. Nothing is sent or stored here.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from articles.models import Article, Author
from fibroblog import limits

from . import desk_letters, reasons, writer_links
from .letters import Words, absolute, link_to, stop_link
from .models import Appeal, Case, Comment, Commenter, Decision, Mail, Subscription, Suppression
from .states import State
from .tokens import Action


@dataclass(frozen=True)
class Letter:
    message: EmailMessage
    tells: list[Mail]  # the rows that are told by it


def letter_for(mails: Sequence[Mail]) -> Letter | None:
    """The letter that tells all of these rows, which have one recipient; None when none of them is true any longer."""
    told = [(mail, words) for mail in mails if (words := _words(mail)) is not None]
    if not told:
        return None
    rows = [mail for mail, _ in told]
    if len(told) == 1:
        return Letter(_message(*told[0]), rows)
    first = rows[0]
    return Letter(_message(first, _digest(first, [words for _, words in told])), rows)


def _words(mail: Mail) -> Words | None:
    """Nothing for somebody who was erased, and only what they asked for to whoever stopped all mail a moment ago."""
    person = mail.commenter
    erased = person is None and mail.commenter_id is not None
    stopped = person is not None and person.pace == Commenter.Pace.NEVER and mail.kind != Mail.Kind.OWN_PAGE
    return None if erased or stopped else WORDS[Mail.Kind(mail.kind)](mail)


def _message(mail: Mail, words: Words) -> EmailMessage:
    context = {"SITE_NAME": settings.SITE_NAME, "link": words.link, "stop": words.stop, **words.more}
    subject, _, body = render_to_string(f"emails/{words.template}.txt", context).strip().partition("\n")
    headers = {
        # The same for every attempt, so that a mail that came twice can be told from two mails.
        "Message-ID": f"<{mail.pk}.{mail.recipient[:16]}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    if words.stop:
        headers["List-Unsubscribe"] = f"<{words.stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(
        subject=settings.EMAIL_SUBJECT_PREFIX + subject,
        # Parts that are left out, and those that are files of their own, leave empty lines behind.
        body=re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n",
        to=[_address(mail)],
        headers=headers,
    )


def _address(mail: Mail) -> str:
    """The database keeps that one of the three is there."""
    if mail.confirmation:
        return mail.confirmation.email
    return mail.commenter.email if mail.commenter else mail.user.email if mail.user else ""


def _confirm(mail: Mail) -> Words | None:
    confirmation = mail.confirmation
    if confirmation is None or (mail.comment and mail.comment.state in {State.SPAM, State.WITHDRAWN}):
        return None
    if Suppression.objects.of(confirmation.email).exists():
        return None
    holds = timedelta(days=limits.CONFIRM_DAYS)
    link = link_to("confirm", Action.CONFIRM, about=confirmation.pk, revision=1, holds=holds)
    never = link_to("refuse", Action.REFUSE, about=confirmation.pk, revision=1, holds=holds)
    what = "follow" if confirmation.article_id else "report" if confirmation.report_id else "comment"
    return Words("confirm", link, stop=never, more={"what": what, "days": limits.CONFIRM_DAYS})


def _own_page(mail: Mail) -> Words | None:
    person = _person(mail)
    return Words("own_page", own_page_of(person), more={"hours": limits.OWN_PAGE_HOURS})


def letter_on_decision(comment: Comment, to: State, why: str) -> str:
    """What a writer who confirmed an address is going to be told, as a moderator sees it beforehand."""
    context = {"SITE_NAME": settings.SITE_NAME, "article": comment.article.title, "state": to, "why": why}
    # The links at the end are for the writer alone.
    return (
        render_to_string("emails/decision.txt", {**context, "link": ""}).partition("You get this")[0].strip()
    )


def _decision(mail: Mail) -> Words | None:
    comment, decision = _comment(mail), mail.decision
    if decision is None or decision != Decision.objects.latest_of(comment) or not comment.body:
        return None  # taken back or decided otherwise: of that there is another mail, or it is no news
    if _was_told(mail, decision):
        return None
    more: dict[str, object] = {
        "article": comment.article.title,
        "state": decision.to,
        "why": reasons.told(decision),
    }
    person = _person(mail)
    link = _shown_at(comment) if decision.to == State.APPROVED else own_page_of(person)
    if decision.to == State.RETURNED:
        link = absolute(writer_links.to_change(comment))
    if writer_links.can_appeal(comment, decision):
        more["appeal"] = absolute(writer_links.to_appeal(comment, decision))
    return Words("decision", link, stop=_stop(person), more=more)


def _was_told(mail: Mail, decision: Decision) -> bool:
    """Taken back and made again just so, and its writer heard of nothing else in between."""
    sent = Mail.objects.filter(kind=Mail.Kind.DECISION, comment=mail.comment_id, recipient=mail.recipient)
    last = (
        sent.filter(state=Mail.State.SENT)
        .select_related("decision__note")
        .order_by("-sent_at", "-pk")
        .first()
    )
    if last is None or last.decision is None:
        return False
    news, known = ((one.to, one.revision, reasons.told(one)) for one in (decision, last.decision))
    return news == known


def _reply(mail: Mail) -> Words | None:
    comment, person = _comment(mail), _person(mail)
    if not _is_readable(comment) or not person.hears_replies:
        return None
    return Words("reply", _shown_at(comment), stop=_stop(person), more={"article": comment.article.title})


def _discussion(mail: Mail) -> Words | None:
    comment, person = _comment(mail), _person(mail)
    subscription = Subscription.objects.filter(commenter=person, article=comment.article_id).first()
    if subscription is None or not _is_readable(comment):
        return None
    stop = stop_link("discussion", Action.STOP_DISCUSSION, about=subscription.pk, revision=person.links)
    return Words("discussion", _shown_at(comment), stop=stop, more={"article": comment.article.title})


def _author(mail: Mail) -> Words | None:
    comment = _comment(mail)
    author = Author.objects.filter(user=mail.user_id, hears_of_comments=True).first()
    if author is None or not _is_readable(comment):
        return None
    stop = stop_link("author", Action.STOP_AUTHOR, about=author.pk, revision=1)
    return Words("author", _shown_at(comment), stop=stop, more={"article": comment.article.title})


def _risk(mail: Mail) -> Words | None:
    if mail.comment is None:
        waiting = Comment.objects.filter(at_risk=True)
        count = waiting.filter(Q(state=State.PENDING) | Q(appeals__outcome="open")).count()
        more: dict[str, object] = {"count": count, "told": limits.RISK_MAILS_PER_HOUR}
        return Words("risk_more", absolute(reverse("queue")), more=more) if count else None
    comment = _comment(mail)
    if comment.state != State.PENDING and not comment.appeals.filter(outcome=Appeal.Outcome.OPEN).exists():
        return None
    return Words("risk", absolute(reverse("queue-card", args=[comment.public_id])))


def _report(mail: Mail) -> Words | None:
    if mail.case is None or not mail.event.endswith(f":{mail.case.outcome}"):
        return None  # opened again, or closed otherwise: of that there is another mail
    person, article = _person(mail), _comment(mail).article
    more = {"article": article.title, "stays": mail.case.outcome == Case.Outcome.STAYS}
    link = absolute(article.get_absolute_url() + "#comments")
    return Words("report", link, stop=_stop(person), more=more)


def _appeal(mail: Mail) -> Words | None:
    comment, person = _comment(mail), _person(mail)
    appeal = comment.appeals.filter(pk=int(mail.event.partition(":")[2])).first()
    if appeal is None or appeal.outcome != Appeal.Outcome.STANDS or not comment.body:
        return None
    more: dict[str, object] = {"article": comment.article.title, "why": appeal.answer}
    return Words("appeal", own_page_of(person), stop=_stop(person), more=more)


def _digest(mail: Mail, told: Sequence[Words]) -> Words:
    person = _person(mail)
    more = {"count": len(told), "lines": [{"kind": words.template, **words.more} for words in told]}
    return Words("digest", own_page_of(person), stop=_stop(person), more=more)


WORDS: dict[Mail.Kind, Callable[[Mail], Words | None]] = {
    Mail.Kind.CONFIRM: _confirm,
    Mail.Kind.OWN_PAGE: _own_page,
    Mail.Kind.DECISION: _decision,
    Mail.Kind.REPLY: _reply,
    Mail.Kind.DISCUSSION: _discussion,
    Mail.Kind.AUTHOR: _author,
    Mail.Kind.REPORT: _report,
    Mail.Kind.RISK: _risk,
    Mail.Kind.APPEAL: _appeal,
    **desk_letters.WORDS,
}


def own_page_of(person: Commenter) -> str:
    """The address of a person's private page, for a day."""
    holds = timedelta(hours=limits.OWN_PAGE_HOURS)
    return link_to("own-page", Action.OWN, about=person.pk, revision=person.links, holds=holds)


def _stop(person: Commenter) -> str:
    return stop_link("all", Action.STOP, about=person.pk, revision=person.links)


def _shown_at(comment: Comment) -> str:
    return absolute(comment.get_absolute_url())


def _is_readable(comment: Comment) -> bool:
    readable = Article.objects.visible().filter(pk=comment.article_id)
    return comment.state == State.APPROVED and readable.exists()


def _person(mail: Mail) -> Commenter:
    return cast("Commenter", mail.commenter)  # mails of these kinds go to one


def _comment(mail: Mail) -> Comment:
    return cast("Comment", mail.comment)  # mails of these kinds tell of one
