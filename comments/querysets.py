"""How comments, decisions and discussions are read. Nothing here changes a row."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone

from fibroblog import limits
from fibroblog.addresses import normal
from fibroblog.visit import keyed_hashes

from . import counting
from .states import State
from .threads import ThreadRow

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.models import Article

    from .models import Appeal, Claim, Comment, Commenter, Decision, Discussion, Measure, Suppression
    from .screening.verdicts import Submission

# Django has no recursive queries. The one parameter is the id to start from.
UPWARDS = """
WITH RECURSIVE walk(id, parent_id) AS (
    SELECT id, parent_id FROM comments_comment WHERE id = %s
    UNION ALL
    SELECT c.id, c.parent_id FROM comments_comment c JOIN walk ON c.id = walk.parent_id
) SELECT id FROM walk"""
DOWNWARDS = """
WITH RECURSIVE walk(id) AS (
    SELECT id FROM comments_comment WHERE id = %s
    UNION ALL
    SELECT c.id FROM comments_comment c JOIN walk ON c.parent_id = walk.id WHERE c.in_thread
) SELECT id FROM walk"""


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> Self:
        """Only what any reader may see. Every public text starts here."""
        return self.filter(state=State.APPROVED)

    def in_thread(self) -> Self:
        """What has a place in a public thread: the visible ones, and tombstones above them."""
        return self.filter(in_thread=True)

    def for_thread(self) -> list[ThreadRow]:
        """What a thread shows of each: model instances would cost more than all the rest of a page."""
        return [ThreadRow(*values) for values in self.values_list(*ThreadRow.__slots__)]

    def last_shown(self) -> Self:
        """The visible ones, those that readers could see last first: when they were let through, not when they were
        written, so that one that waited long is not overlooked."""
        return self.visible().filter(shown_at__isnull=False).order_by("-shown_at", "-id")

    def waiting(self) -> Self:
        return self.filter(state=State.PENDING)

    def reported(self) -> Self:
        """What readers reported and nobody has looked at since: who may be at risk first, then whom it is about."""
        # One case at most is open: a text that goes, or changes, closes its own.
        return self.filter(cases__outcome="open").order_by(
            "-at_risk", "-cases__about_me", "cases__opened_at", "pk"
        )

    def appealed(self) -> Self:
        """Refused ones whose writers ask for another look: who may be at risk first, then who waits longest."""
        return self.filter(appeals__outcome="open").order_by("-at_risk", "appeals__asked_at", "pk")

    def claimed_by(self, moderator: "User") -> Self:
        """What a moderator said that they look at, or was asked to; handed over ones too."""
        running = Q(claim__by=moderator, claim__until__gt=timezone.now())
        return self.filter(running).order_by("-at_risk", "created_at", "pk")

    def asking(self) -> Self:
        """Those on which a moderator asks for a second opinion that nobody gave yet."""
        talk = apps.get_model("comments.Remark").objects.filter(comment=OuterRef("pk"))
        last = talk.exclude(kind="note").order_by("-pk").values("kind")[:1]
        # By way of the few questions, so that it costs the same however many comments there are.
        asked = self.filter(remarks__kind="question").annotate(last_word=Subquery(last))
        return (
            asked.filter(last_word="question")
            .exclude(body="")
            .distinct()
            .order_by("-at_risk", "created_at", "pk")
        )

    def asking_others(self, moderator: "User") -> Self:
        """Those on which somebody else than this moderator asks."""
        last = apps.get_model("comments.Remark").objects.filter(comment=OuterRef("pk"), kind="question")
        asker = Subquery(last.order_by("-pk").values("by")[:1])
        return self.asking().annotate(asker=asker).filter(~Q(asker=moderator.pk) | Q(asker=None))

    def not_by(self, user: "User") -> Self:
        """Without what somebody of the staff wrote, under their confirmed address and in that browser, too."""
        own = Q(by=user) | Q(commenter__email=normal(user.email))
        browsers = self.model._default_manager.filter(own).exclude(owner="").values("owner")
        return self.exclude(own).exclude(owner__in=browsers)

    def overdue(self, hours: int) -> Self:
        """What waits for longer than so many hours since it came in or was changed."""
        since = timezone.now() - timedelta(hours=hours)
        # Both kinds by name, so that the index of the queue serves, which has them between state and age.
        waiting = self.waiting().filter(at_risk__in=[True, False], created_at__lt=since)
        return waiting.filter(Q(edited_at=None) | Q(edited_at__lt=since))

    def roots_of(self, article: "Article", *, newest: bool = False) -> Self:
        return self.in_thread().filter(article=article, root=None).order_by("-id" if newest else "id")

    def replies_to_roots(self, roots: Iterable[int], *, each: int, at_most: int) -> dict[int, int]:
        """By id of the first replies of each root: how many replies that root has in all (`counting`).

        Looks at no more rows than a page holds, so that a thread of thousands costs what one of twenty does. A parent
        is older than its replies, so that a cut by age never leaves a reply without its parent.
        """
        first, total = counting.first_replies(list(roots), each=each), dict[int, int]()
        if any(len(ids) == each for ids in first.values()):
            total = counting.replies([root for root, ids in first.items() if len(ids) == each])
        # The first reply of each, then the second of each, until the page is full.
        waves = chain.from_iterable(
            [(ids[place], total.get(root, len(ids))) for root, ids in first.items() if place < len(ids)]
            for place in range(each)
        )
        return dict(islice(waves, at_most))

    def ancestors_of(self, comment: "Comment") -> Self:
        """From the root down to the parent, in one query however deep."""
        return self._walk(comment, UPWARDS)

    def descendants_of(self, comment: "Comment") -> Self:
        """Every reply below the comment that has a place in the thread, oldest first."""
        return self._walk(comment, DOWNWARDS).in_thread()

    def _walk(self, comment: "Comment", steps: str) -> Self:
        return self.filter(pk__in=RawSQL(steps, [comment.pk])).exclude(pk=comment.pk).order_by("id")

    def owned_by(self, owner: str) -> Self:
        """What one browser wrote; ``owner`` is the hash of its key."""
        return self.filter(owner=owner) if owner else self.none()

    def editable(self) -> Self:
        """What its writer may still change: young, waiting or visible, and nobody answered; or returned to them."""
        young = timezone.now() - timedelta(minutes=limits.COMMENT_EDIT_MINUTES)
        answered = Exists(self.model._default_manager.filter(parent=OuterRef("pk"), in_thread=True))
        fresh = Q(~answered, created_at__gt=young, state__in=[State.PENDING, State.APPROVED])
        return self.filter(fresh | Q(state=State.RETURNED))

    def with_refusal(self) -> Self:
        """For their writers: the parent, and in ``refusals`` why a moderator did not publish it, newest first."""
        refused = [State.DECLINED, State.REMOVED, State.RETURNED]
        decided = apps.get_model("comments.Decision").objects.filter(to__in=refused)
        reason = apps.get_model("comments.RefusalReason").objects.filter(code=OuterRef("reason"))
        decided = decided.annotate(sentence=Subquery(reason.values("sentence")))
        refusals = Prefetch("decisions", decided.select_related("note").order_by("-pk"), to_attr="refusals")
        return self.select_related("parent").prefetch_related(refusals)

    def for_writer(self) -> Self:
        """All that somebody's own page shows, newest first; what was withdrawn has nothing left to show."""
        return self.with_refusal().select_related("article", "parent").exclude(body="").order_by("-pk")

    def for_queue(self) -> Self:
        """All that a card shows, in a constant number of queries."""
        return self.select_related(
            "article__discussion", "parent", "by", "claim__by", "claim__handed_by"
        ).prefetch_related(
            "verdicts",
            "decisions__by",
            "cases__by",
            "cases__reports",
            "revisions",
            "assessments__by",
            "appeals__decision__by",
            "remarks__by",
        )


class DecisionQuerySet(models.QuerySet["Decision"]):
    def of_states(self) -> Self:
        """Moves of comments from one state to another."""
        return self.filter(what="state")

    def for_comment(self, comment: "Comment") -> Self:
        return self.filter(comment=comment)

    def latest_of(self, comment: "Comment") -> "Decision | None":
        return self.for_comment(comment).select_related("by").order_by("-pk").first()

    def with_labels(self) -> Self:
        """``label``: the words of a reason that moderators made."""
        reason = apps.get_model("comments.RefusalReason").objects.filter(code=OuterRef("reason"))
        return self.annotate(label=Subquery(reason.values("label")))


class StateDecisions(models.Manager["Decision"]):
    """The default: code that asks for decisions means those on comments, not the rest of the log."""

    def get_queryset(self) -> DecisionQuerySet:
        return DecisionQuerySet(self.model, using=self._db).of_states()


class DiscussionQuerySet(models.QuerySet["Discussion"]):
    def of(self, article: "Article") -> "Discussion":
        """The discussion of a post; open where nobody ever changed it."""
        return self.filter(article=article).first() or self.model(article=article)


class CommenterQuerySet(models.QuerySet["Commenter"]):
    def at(self, email: str) -> "Commenter | None":
        """The person with this address, however it is typed."""
        return self.filter(email=normal(email)).first()


class AppealQuerySet(models.QuerySet["Appeal"]):
    def open_on(self, comment: "Comment") -> "Appeal | None":
        """The one that waits for an answer; there is at most one."""
        return self.select_related("decision").filter(comment=comment, outcome="open").first()


class ClaimQuerySet(models.QuerySet["Claim"]):
    def running(self) -> Self:
        return self.filter(until__gt=timezone.now())

    def on(self, comment: "Comment") -> "Claim | None":
        return self.running().filter(comment=comment).first()


class MeasureQuerySet(models.QuerySet["Measure"]):
    def in_force(self) -> Self:
        """The strictest first: a block, a pause, then what only makes comments wait."""
        running = self.filter(Q(until=None) | Q(until__gt=timezone.now()), ended_at=None)
        strictness = models.Case(
            models.When(kind="block", then=0), models.When(kind="pause", then=1), default=2
        )
        return running.order_by(strictness, F("until").desc(nulls_first=True), "pk")

    def against(self, *, email: str = "", owner: str = "", network: str = "") -> Self:
        """Whoever is known by any of these; ``email`` is an address that is proven theirs."""
        known = Q()
        if email:
            known |= Q(address__in=keyed_hashes("address", normal(email)))
        if owner:
            known |= Q(owner=owner)
        if network:
            # Others may share it, so a person's is held against nobody for longer than a guest's.
            lately = timezone.now() - timedelta(days=limits.GUEST_MEASURE_DAYS)
            known |= Q(network=network) & (Q(address="") | Q(made_at__gt=lately))
        return self.filter(known) if known else self.none()

    def of_submission(self, submission: "Submission") -> Self:
        """A confirmed person answers for themselves, not for what a guest did on their network."""
        if submission.commenter is None:
            email = self._email_of(submission.browser_of)
            return self.against(email=email, owner=submission.owner, network=submission.network)
        return self.against(email=self._email_of(submission.commenter), owner=submission.owner)

    @staticmethod
    def _email_of(person: int | None) -> str:
        people = apps.get_model("comments.Commenter").objects.filter(pk=person) if person else None
        email: str = people.values_list("email", flat=True).first() or "" if people is not None else ""
        return email

    def strictest(self) -> "Measure | None":
        return self.first()


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def of(self, email: str) -> "models.QuerySet[Suppression]":
        """That the owner of this address wants no mail; a new secret key must not wake anybody up."""
        return self.filter(address__in=keyed_hashes("address", normal(email)))
