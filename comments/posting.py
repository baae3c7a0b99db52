"""The only way in for comments and for changes of their text: built, screened, stored once, in one transaction."""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, overload

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from articles.models import Article
from fibroblog import pages, policy
from fibroblog.addresses import normal
from fibroblog.models import Policy
from fibroblog.visit import keyed_hash

from . import closing, log, moderation, outbox, ownership, people
from .models import Comment, Confirmation, Decision, Discussion, Revision
from .models import Verdict as VerdictRow
from .models.people import ANONYMOUS
from .reasons import Reason
from .refusals import (
    BRANCH_LOCKED,
    CHANGES_OVER,
    PARENT_GONE,
    PARENT_LOCKED,
    Closed,
    Nudged,
    Refused,
    Throttled,
    TooLate,
    Turned,
)
from .rendering import render
from .screening import advise as screening_advice
from .screening import crisis, rates, screen, trust, words
from .screening.verdicts import Outcome, Submission, Verdict
from .states import State

SPAM_REASONS = {"trap": Reason.ROBOT, "rule_spam": Reason.RULE, "akismet_spam": Reason.AKISMET}
DOUBLE_CLICK = timedelta(seconds=10)


@dataclass(frozen=True)
class Visit:
    """Where a text comes from, as far as the request tells. Built by the views."""

    network: str = ""
    key: str = ""  # the browser's own key for this article, when its cookie was sound
    again: str = ""  # what a confirmed person's browser kept to prove it
    seconds: float | None = None
    trap: str = ""
    origin_known: bool = True
    signed: bool = True
    neighbourhood: str = ""
    address: str = field(default="", repr=False)  # passed on at most, never stored
    agent: str = field(default="", repr=False)
    nudged: bool = False  # the form says that its writer was asked to think again


@dataclass(frozen=True)
class Posted:
    comment: Comment
    key: str  # what the ownership cookie has to hold; empty: the writer is not known to be the owner


def post_comment(
    *,
    article: Article,
    visit: Visit,
    name: str,
    body: str,
    email: str = "",
    follows: bool = False,
    parent: Comment | None = None,
) -> Posted:
    """Take in a visitor's comment, or find the one that the same sender stored before.

    Raises Refused (Throttled, Closed) with a sentence for the writer, ValidationError for an unusable text.
    """
    rules = check_open(article)
    check_parent(article, parent)
    by_network, by_key = digests(article, parent, name, body, visit)
    stored = waiting_or_visible(by_network, by_key)
    if stored is not None:
        return found_again(stored, visit)
    key = visit.key or ownership.new_key()
    person = people.known(again=visit.again, email=email, article=article, owner=ownership.hash_of(visit.key))
    comment = Comment(
        article=article,
        parent=parent,
        root_id=Comment.root_for(parent),
        name=name,
        email="" if person else normal(email),
        commenter=person,
        follows=follows,
        body=body,
        html=render(body),
        owner=ownership.hash_of(key),
        network=visit.network,
        text_hash=hash_text(body),
        digest=by_key if visit.key else by_network,
    )
    submission = submission_of(comment, visit)
    verdicts = screen(submission)
    refuse(verdicts)
    comment.at_risk = crisis.was_found(verdicts)
    try:
        with transaction.atomic():
            moderation.lock_threads([parent] if parent else [])
            if person is not None and people.hold(person) is None:  # erased since we asked
                comment.commenter, comment.email = None, normal(email)
            comment.save(force_insert=True)
            note_verdicts(comment, verdicts)
            ask_or_follow(comment)
            if not verdicts:
                publish_if_trusted(comment, rules)
            outbox.tell_of_waiting(comment)
            refuse([rates.count(submission)])  # last: others wait for this one while it is counted
    except IntegrityError:  # the other click of a double click came through first
        return found_again(waiting_or_visible(comment.digest, else_raise=True), visit)
    return Posted(comment, key)


def ask_or_follow(comment: Comment) -> None:
    """A typed address is asked whether it is theirs; somebody known needs no asking."""
    if comment.commenter is not None:
        if comment.follows:
            people.follow(comment.commenter, comment.article)
    elif comment.email and comment.state != State.SPAM:
        people.ask_to_confirm(
            email=comment.email, name=comment.name, network=comment.network, comment=comment
        )


def found_again(stored: Comment, visit: Visit) -> Posted:
    """The same submission once more: whose is it?

    Its browser's, when the cookie says so. The second click of a double click has no cookie yet: within seconds, while
    nobody else can have read the text, it takes the place of the first, whose answer the browser threw away.
    """
    if visit.key:
        return Posted(stored, visit.key if stored.owner == ownership.hash_of(visit.key) else "")
    if stored.state != State.PENDING or timezone.now() - stored.created_at > DOUBLE_CLICK:
        return Posted(stored, "")
    key = ownership.new_key()
    Comment.objects.filter(pk=stored.pk).update(owner=ownership.hash_of(key))
    return Posted(stored, key)


@transaction.atomic
def post_as_staff(
    *, article: Article, by: User, name: str, body: str, badge: str, parent: Comment | None = None
) -> Comment:
    """An answer of the people who run the blog: visible at once, with their word beside the name.

    The same answer again, by a second click, finds the first. Raises Refused when the parent is no longer shown.
    """
    check_parent(article, parent)
    digest = keyed_hash("staff-comment", json.dumps([article.pk, parent.pk if parent else 0, by.pk, body]))
    stored = waiting_or_visible(digest)
    if stored is not None:
        return stored
    comment = Comment(
        article=article,
        parent=parent,
        root_id=Comment.root_for(parent),
        name=name,
        body=body,
        html=render(body),
        badge=badge,
        by=by,
        text_hash=hash_text(body),
        digest=digest,
    )
    try:
        with transaction.atomic():
            comment.save(force_insert=True)
    except IntegrityError:
        return waiting_or_visible(digest, else_raise=True)
    seen = moderation.Seen.of(comment)
    moderation.move(comment, State.APPROVED, by=by, seen=seen, reason=Reason.STAFF)
    return comment


@transaction.atomic
def approve_and_answer(
    comment: Comment, *, seen: moderation.Seen, by: User, name: str, body: str, badge: str
) -> Comment:
    """Let a waiting comment through and answer it, or neither. Raises MoveRefused and Refused."""
    moderation.move(comment, State.APPROVED, by=by, seen=seen)
    comment.refresh_from_db()
    return post_as_staff(article=comment.article, by=by, name=name, body=body, badge=badge, parent=comment)


def check_open(article: Article) -> Policy:
    """The policy in force, under which the post takes comments now."""
    if not Discussion.objects.of(article).is_open:
        raise Closed(
            "The discussion was closed meanwhile, so your comment could not be sent. Your text is below."
        )
    rules = policy.current()
    if rules.pause_words:
        raise Closed(f"{rules.pause_words} Your text is below, so that you can keep it.")
    return rules


def check_parent(article: Article, parent: Comment | None) -> None:
    if parent is not None and (parent.article_id != article.pk or parent.state != State.APPROVED):
        raise Refused(PARENT_GONE)
    if parent is not None and closing.is_locked(parent):
        raise Refused(PARENT_LOCKED)


@overload
def waiting_or_visible(*digests: str, else_raise: Literal[True]) -> Comment: ...
@overload
def waiting_or_visible(*digests: str) -> Comment | None: ...
def waiting_or_visible(*digests: str, else_raise: bool = False) -> Comment | None:
    """The comment with one of the digests that waits or is visible: there is at most one of each."""
    found = Comment.objects.filter(digest__in=digests, state__in=[State.PENDING, State.APPROVED])
    if else_raise:
        return found.get()
    # Nearly always there is none, and to ask for an id takes half as long as to ask for a row.
    return found.first() if found.values_list("pk", flat=True).order_by()[:1] else None


def edit_comment(comment: Comment, *, body: str, visit: Visit) -> Comment:
    """Replace the text of one's own comment; it waits for a moderator again.

    Raises TooLate after the window or when somebody answered, Refused and ValidationError as in `post_comment`.
    """
    if not can_edit(comment):
        raise TooLate(CHANGES_OVER)
    if comment.state == State.RETURNED:
        check_way_back(comment)
    html = render(body)
    edited = Comment(
        pk=comment.pk,
        article_id=comment.article_id,
        parent_id=comment.parent_id,
        commenter_id=comment.commenter_id,
        name=comment.name,
        email=comment.email,
        owner=comment.owner,
        body=body,
        html=html,
        text_hash=hash_text(body),
    )
    submission = submission_of(edited, visit, edits=comment.pk)
    verdicts = screen(submission)
    refuse(verdicts)
    with transaction.atomic():
        moderation.lock_threads([comment])
        if not can_edit(comment):  # an answer to it was approved while the text was screened
            raise TooLate(CHANGES_OVER)
        # Before the move: the old text may have been sent again meanwhile, and only one of a kind can wait.
        digest = keyed_hash("edited", f"{comment.pk}:{comment.revision + 1}")
        Comment.objects.filter(pk=comment.pk).update(digest=digest)
        seen = moderation.Seen.of(comment)
        # Other words alone take nobody out of danger: a person judges the new text.
        at_risk = comment.at_risk or crisis.was_found(verdicts)
        if comment.state in {State.APPROVED, State.RETURNED}:
            moderation.move(comment, State.PENDING, by=None, seen=seen, reason=Reason.EDITED)
        Revision.objects.create(comment=comment, number=comment.revision, body=comment.body)
        same = Comment.objects.filter(pk=comment.pk, revision=comment.revision, state=State.PENDING)
        if not same.update(
            body=body,
            html=html,
            text_hash=edited.text_hash,
            revision=F("revision") + 1,
            edited_at=timezone.now(),
            at_risk=at_risk,
        ):
            raise TooLate("A moderator decided on this comment just now, so it can no longer be changed.")
        comment.refresh_from_db()
        was, to = comment.revision - 1, comment.revision
        log.note(Decision.What.TEXT, by=None, was=was, to=to, comment=comment, reason=Reason.EDITED)
        note_verdicts(comment, verdicts)
        if not verdicts and seen.state == State.APPROVED:
            publish_if_trusted(comment, policy.current())
        if seen.state != State.PENDING:
            outbox.tell_of_waiting(comment)
        refuse([rates.count(submission)])
    return comment


def check_way_back(comment: Comment) -> None:
    """What was returned comes in anew, so it waits while nobody moderates or that part of the talk is over."""
    pause = policy.current().pause_words
    if pause:
        raise Closed(f"{pause} Your text is below, so that you can keep it.")
    if comment.parent is not None and closing.is_locked(comment.parent):
        raise Closed(BRANCH_LOCKED)


@transaction.atomic
def anonymise(comment: Comment) -> None:
    """Put "Anonymous" in the place of the name, on the page and wherever else it was kept."""
    moderation.lock_threads([comment])
    people.forget_name(comment)
    Confirmation.objects.filter(comment=comment).update(name=ANONYMOUS)
    if Comment.objects.filter(pk=comment.pk).exclude(name__in=["", ANONYMOUS]).update(name=ANONYMOUS):
        pages.changed(discussion=comment.article_id)
    comment.refresh_from_db()


def advise(article: Article, *, name: str, body: str) -> list[str]:
    """What the writer of a text could think of before sending it, in sentences. Nothing is stored or counted."""
    looked_at = Comment(article=article, name=name, body=body, html=render(body))
    return [words.for_writers(verdict) for verdict in screening_advice(submission_of(looked_at, Visit()))]


def can_edit(comment: Comment) -> bool:
    return Comment.objects.filter(pk=comment.pk).editable().exists()


def submission_of(comment: Comment, visit: Visit, *, edits: int | None = None) -> Submission:
    browser = None if comment.commenter_id else people.proven_by(visit.again)
    return Submission(
        article=comment.article_id,
        name=comment.name,
        body=comment.body,
        html=comment.html,
        text_hash=comment.text_hash,
        email=comment.email,
        parent=comment.parent_id,
        commenter=comment.commenter_id,
        network=visit.network,
        neighbourhood=visit.neighbourhood,
        # Whoever changes it with a link from a mail comes without the key of the browser that wrote it.
        owner=ownership.hash_of(visit.key) or (comment.owner if edits else ""),
        address=visit.address,
        agent=visit.agent,
        seconds=visit.seconds,
        trap=visit.trap,
        origin_known=visit.origin_known,
        signed=visit.signed,
        edits=edits,
        nudged=visit.nudged,
        browser_of=browser.pk if browser else None,
    )


def refuse(verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        if verdict.outcome is Outcome.REFUSE:
            kind = Turned if verdict.check == "measures" else Throttled
            raise kind(words.for_writers(verdict))
    reasons = [words.for_writers(verdict) for verdict in verdicts if verdict.outcome is Outcome.NUDGE]
    if reasons:
        raise Nudged(reasons)


def note_verdicts(comment: Comment, verdicts: list[Verdict]) -> None:
    """Keep what the checks found beside the revision they looked at.

    A sure robot goes to the spam folder, but nobody who may be at risk: of them, and of each new text of theirs, the
    moderators hear at once.
    """
    VerdictRow.objects.bulk_create(
        VerdictRow(
            comment=comment,
            revision=comment.revision,
            check_name=verdict.check,
            outcome=verdict.outcome,
            reason=verdict.reason,
            detail=verdict.detail[:200],
        )
        for verdict in verdicts
    )
    if comment.at_risk:
        outbox.tell_moderators_of_risk(comment)
    spam = next((verdict for verdict in verdicts if verdict.outcome is Outcome.SPAM), None)
    if spam is not None and not comment.at_risk:
        reason = SPAM_REASONS[spam.reason]
        moderation.move(comment, State.SPAM, by=None, seen=moderation.Seen.of(comment), reason=reason)


def publish_if_trusted(comment: Comment, rules: Policy) -> None:
    """At once, where the site wants that, the person is trusted, and no check said anything."""
    if comment.at_risk or not rules.publish_trusted or not trust.is_trusted(comment.commenter_id):
        return
    with suppress(moderation.MoveRefused):  # its parent went meanwhile: then it waits like all others
        moderation.move(
            comment, State.APPROVED, by=None, seen=moderation.Seen.of(comment), reason=Reason.TRUSTED
        )


def digests(article: Article, parent: Comment | None, name: str, body: str, visit: Visit) -> tuple[str, str]:
    """The comment's identity by the sender's network and by the browser's key: before the first comment there is no
    key, after it the network may have changed."""
    what = [article.pk, parent.pk if parent else 0, name, body]
    return (
        keyed_hash("digest", json.dumps([*what, visit.network])),
        keyed_hash("digest-by-key", json.dumps([*what, visit.key])),
    )


def hash_text(body: str) -> str:
    return hashlib.sha256(" ".join(body.casefold().split()).encode()).hexdigest()
