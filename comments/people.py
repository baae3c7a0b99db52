"""People behind nicknames: the only code that makes, changes or erases one.

A typed address is nobody. It becomes a person when its owner presses the button behind the one mail it gets.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from articles.models import Article
from fibroblog import contact, limits, rates, traces
from fibroblog.addresses import normal
from fibroblog.search import index
from fibroblog.visit import keyed_hash

from . import moderation, outbox, tokens
from .models import Case, Comment, Commenter, Confirmation, Mail, Report, Subscription, Suppression
from .models.people import is_nobodys


def address_hash(email: str) -> str:
    return keyed_hash("address", normal(email))


@transaction.atomic
def ask_to_confirm(
    *,
    email: str,
    name: str,
    network: str,
    comment: Comment | None = None,
    report: Report | None = None,
    article: Article | None = None,
) -> Confirmation | None:
    """Have a typed address asked whether it is theirs: the comment, the report, the wish to follow the post.

    None, and no mail: the address never wants to hear from us, one mail is on its way, or enough were sent today.
    """
    email = normal(email)
    if Suppression.objects.of(email).exists() or _is_asked(email, comment):
        return None
    if not _is_within_caps(email, network):
        return None
    confirmation = Confirmation.objects.create(
        email=email, name=name, comment=comment, report=report, article=article
    )
    outbox.ask_for_confirmation(confirmation)
    return confirmation


def _is_within_caps(email: str, network: str) -> bool:
    """What one cap turned away counts for no further one: nobody can use up the mails of all others."""
    caps = (
        ("confirm-sender", network, limits.CONFIRMATIONS_PER_SENDER),
        ("confirm-address", address_hash(email), limits.CONFIRMATIONS_PER_ADDRESS),
        ("confirm-all", "", limits.CONFIRMATIONS_PER_DAY),
    )
    return all(rates.count(name, who, per=rates.DAY) <= most for name, who, most in caps)


def _is_asked(email: str, comment: Comment | None) -> bool:
    """Whether a mail that waits for its button covers this comment too: it is from the same browser, and went out."""
    if comment is None:
        return False
    mails = Mail.objects.filter(confirmation__email=email, confirmation__comment__owner=comment.owner)
    return mails.exclude(state__in=[Mail.State.DROPPED, Mail.State.GIVEN_UP]).exists()


@transaction.atomic
def confirm(confirmation: Confirmation) -> Commenter:
    """The owner of the address says that it was them. All that the same browser sent under it becomes theirs.

    Raises Confirmation.DoesNotExist when it was used, refused or erased a moment ago.
    """
    theirs = _same_browser(confirmation)
    moderation.lock_threads(theirs)
    person, _ = Commenter.objects.select_for_update(no_key=True).get_or_create(email=confirmation.email)
    # As it is now: the name may have been taken off, or its comment withdrawn.
    confirmation = Confirmation.objects.select_for_update().get(pk=confirmation.pk)
    if not is_nobodys(confirmation.name):
        person.name = confirmation.name
        person.save(update_fields=["name"])
    _attach(person, theirs)
    if confirmation.report is not None:
        _own_up(person, confirmation.report)
    if confirmation.article is not None:
        follow(person, confirmation.article)
    confirmation.delete()
    return person


def _own_up(person: Commenter, report: Report) -> None:
    """The report is theirs, and they hear what became of it, also where that was decided before they confirmed."""
    case = Case.objects.select_for_update().get(pk=report.case_id)
    Report.objects.filter(pk=report.pk, commenter=None).update(commenter=person)
    if case.outcome != Case.Outcome.OPEN:
        outbox.tell_reporters(case)


def _same_browser(confirmation: Confirmation) -> list[Comment]:
    """The comment that the mail asked about, and what else came under that address from the browser that sent it."""
    comment = confirmation.comment
    if comment is None:
        return []
    same = Comment.objects.filter(email=confirmation.email, commenter=None).select_related("article")
    return list(same.filter(owner=comment.owner) if comment.owner else same.filter(pk=comment.pk))


def _attach(person: Commenter, comments: list[Comment]) -> None:
    for comment in comments:
        if comment.follows:
            follow(person, comment.article)
    ids = [comment.pk for comment in comments]
    # The address lives in one place from now on.
    Comment.objects.filter(pk__in=ids).update(commenter=person, email="")
    Confirmation.objects.filter(comment__in=ids).delete()
    for comment in person.comments.filter(pk__in=ids):
        outbox.catch_up(comment)


def forget_name(comment: Comment) -> None:
    """The name comes off this comment. Where it was the last of that person to bear theirs, they have none any more."""
    person = Commenter.objects.filter(comments=comment).first()
    if person is None:
        return
    bear_it = person.comments.filter(name__iexact=person.name)
    if set(bear_it.values_list("pk", flat=True)) == {comment.pk}:
        Commenter.objects.filter(pk=person.pk).update(name="")


def follow(person: Commenter, article: Article) -> None:
    Subscription.objects.get_or_create(commenter=person, article=article)


@transaction.atomic
def refuse(confirmation: Confirmation) -> Commenter | None:
    """The owner of the address never wants to hear from us. What was typed under it keeps no trace of it.

    Returns the person that the address made before, if it did: only they themselves can have that erased.
    """
    try:
        with transaction.atomic():
            Suppression.objects.create(address=address_hash(confirmation.email))
    except IntegrityError:
        pass  # said twice
    _forget_typed(Comment.objects.filter(email=confirmation.email))
    Confirmation.objects.filter(email=confirmation.email).delete()
    person = Commenter.objects.at(confirmation.email)
    if person is not None:
        stop(person)
    return person


@transaction.atomic
def send_own_page(email: str) -> None:
    """Mail somebody the link to their page, if the address is a person's and did not get enough of them today."""
    asked = rates.count("own-page-of", address_hash(email), per=rates.DAY)
    person = Commenter.objects.at(email)
    if person is not None and asked <= limits.OWN_PAGES_PER_ADDRESS:
        outbox.send_own_page(person)


def known(*, again: str, email: str, article: Article, owner: str) -> Commenter | None:
    """The person who proves to be themselves when they send a comment under their address.

    Proof is what their browser keeps since they confirmed (``again``), or that it wrote here before (``owner``, the
    hash of its key) and confirmed that. The typed address alone proves nothing.
    """
    person = Commenter.objects.at(email) if email else None
    if person is None:
        return None
    if proven_by(again) == person:
        return person
    wrote = Comment.objects.owned_by(owner).filter(article=article, commenter=person)
    return person if wrote.exists() else None


def proven_by(again: str) -> Commenter | None:
    """Whose browser it is, by what it keeps since they confirmed, whatever address was typed."""
    try:
        link = tokens.read(tokens.Action.WRITE, again)
    except tokens.BadToken:
        return None
    return Commenter.objects.filter(pk=link.about, links=link.revision).first()


def hold(person: Commenter) -> Commenter | None:
    """See to it that the person is not erased before the transaction ends; None: they were. Threads are locked first."""
    return Commenter.objects.select_for_update(no_key=True).filter(pk=person.pk).first()


@transaction.atomic
def set_mail(person: Commenter) -> Commenter:
    """Store what somebody chose to hear and when; mail that waits follows the new choice.

    Who wants any mail takes back that they never wanted to hear from us.
    """
    choice = {"pace": person.pace, "quiet_until": person.quiet_until, "hears_replies": person.hears_replies}
    Commenter.objects.filter(pk=person.pk).update(**choice)
    if person.pace != Commenter.Pace.NEVER:
        Suppression.objects.of(person.email).delete()
    outbox.reschedule(person)
    return person


@transaction.atomic
def stop(person: Commenter) -> None:
    """No more mail at all, neither by choice nor waiting; undone on one's own page."""
    person.pace = Commenter.Pace.NEVER
    set_mail(person)


def unfollow(subscription: Subscription) -> None:
    subscription.delete()


@transaction.atomic
def renew_links(person: Commenter) -> Commenter:
    """Every link sent so far stops working, also what their browsers keep."""
    person.links += 1
    person.save(update_fields=["links"])
    return person


def erase(person: Commenter) -> int:
    """Everything of a person goes: comments with their earlier texts and notes, name, address. Returns how many."""
    while True:
        with transaction.atomic():
            count = _erase(person)
            if count is not None:
                return count
            # Threads are locked before people, so that a new thread takes a new beginning, with no lock held.
            transaction.set_rollback(True)


def _erase(person: Commenter) -> int | None:
    """None, and nothing erased: a comment came in before the person was locked. After that none can."""
    theirs = Comment.objects.filter(Q(commenter=person) | Q(email=person.email)).select_related("article")
    known = set(theirs)
    moderation.lock_threads(known)
    list(Commenter.objects.select_for_update().filter(pk=person.pk))
    if not known.issuperset(theirs.all()):
        return None
    index.hold()
    comments = list(person.comments.select_related("article"))
    for comment in comments:
        moderation.erase(comment)
    person.reports.update(note="", network="")
    # A report that waits for its button may be theirs.
    Report.objects.filter(confirmations__email=person.email).update(note="", network="")
    Confirmation.objects.filter(email=person.email).delete()
    Comment.objects.filter(email=person.email).update(email="")
    contact.forget(person.email)
    address = person.email
    person.delete()
    traces.forget(address)
    return len(comments)


@transaction.atomic
def forget_unconfirmed() -> None:
    """Typed addresses that nobody confirmed in time go, from the confirmations and from the comments."""
    since = timezone.now() - timedelta(days=limits.CONFIRM_DAYS)
    Confirmation.objects.filter(created_at__lt=since).delete()
    _forget_typed(Comment.objects.filter(created_at__lt=since).exclude(email=""))


def _forget_typed(comments: QuerySet[Comment]) -> None:
    moderation.lock_threads(comments)
    comments.update(email="")
