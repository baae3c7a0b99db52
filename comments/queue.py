"""What the moderation queue shows: the cards of one page, and what a card needs. Reads only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast
from urllib.parse import parse_qs, urlencode

from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils import timezone
from django.utils.safestring import SafeString

from fibroblog import limits

from . import care, reasons, remarks
from .difference import difference
from .finding import KEYS, Finding
from .marking import Marked, marked
from .models import Appeal, Assessment, Case, Claim, Comment, Decision, Remark
from .moderation import Seen
from .querysets import CommentQuerySet
from .reasons import Reason
from .screening import learnt
from .screening.words import for_moderators
from .states import State
from .waiting_list import WaitingList

RECENT = timedelta(minutes=60)  # so long one's own decisions stay in the queue with their Undo
FILTERS = {
    "": "Waiting",
    "reported": "Reported",
    "appeals": "Appeals",
    "mine": "For me",
    "second": "Second opinion",
    State.APPROVED: "Approved",
    State.RETURNED: "Returned",
    State.DECLINED: "Declined",
    State.SPAM: "Spam",
    State.REMOVED: "Removed",
}


@dataclass(frozen=True)
class Card:
    comment: Comment
    seen: str  # "pending.1": what a decision is bound to
    signals: list[str]
    earlier: list[Decision]  # newest first
    case: Case | None  # of the text that stands there now
    marked: Marked
    appeal: Appeal | None = None  # that waits for an answer
    problem: str = ""
    record: str = ""  # what became of this person's comments so far
    labels: dict[str, str] = field(default_factory=dict)  # of the reasons in the log, by code

    @property
    def shown(self) -> str:
        """What `changed_since` compares: which comment, in which state and text, and who looks at it."""
        return f"{self.comment.public_id}.{self.seen}.{self.claim.by_id if self.claim else ''}"

    @property
    def is_reported(self) -> bool:
        return self.case is not None and self.case.outcome == Case.Outcome.OPEN

    @property
    def is_settled(self) -> bool:
        return not self.is_waiting and not self.is_reported and self.appeal is None

    @property
    def folds(self) -> bool:
        """Its words can hurt who reads them unprepared."""
        return self.comment.at_risk or self.marked.is_distressing

    @property
    def difference(self) -> SafeString:
        """What its writer changed last; empty: nothing, or nothing is kept of it."""
        earlier = max(self.comment.revisions.all(), key=lambda row: row.number, default=None)
        return difference(earlier.body, self.comment.body) if earlier else SafeString()

    @property
    def discussion_is_open(self) -> bool:
        discussion = getattr(self.comment.article, "discussion", None)
        return discussion is None or discussion.is_open

    @property
    def assessments(self) -> list[Assessment]:
        """Of the text that stands there now."""
        return [one for one in self.comment.assessments.all() if one.revision == self.comment.revision]

    @property
    def lacks(self) -> str:
        """What has to be done before anybody decides."""
        if not (self.comment.at_risk and self.offers_approve):
            return ""
        return care.missing(self.comment, list(self.comment.assessments.all()), appeal=self.appeal)

    @property
    def claim(self) -> Claim | None:
        """Who looks at it now."""
        claim: Claim | None = getattr(self.comment, "claim", None)
        return claim if claim is not None and claim.until > timezone.now() else None

    @property
    def question(self) -> Remark | None:
        """Somebody asks for a second opinion."""
        return remarks.asks(list(self.comment.remarks.all()))

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why readers reported it, the most frequent reason first."""
        reports = self.case.reports.all() if self.case else []
        return Counter(report.get_reason_display() for report in reports).most_common()

    @property
    def notes(self) -> list[str]:
        return [report.note for report in self.case.reports.all() if report.note] if self.case else []

    @property
    def looked(self) -> str:
        """The case and how many reports stood on the card: what "Looked at, stays" is bound to."""
        return f"{self.case.pk}.{len(self.case.reports.all())}" if self.case else ""

    @property
    def last(self) -> Decision | None:
        return self.earlier[0] if self.earlier else None

    @property
    def why(self) -> str:
        """The reason of the last decision, in words."""
        return self.labels.get(self.last.reason, self.last.reason) if self.last else ""

    @property
    def is_waiting(self) -> bool:
        return self.comment.state == State.PENDING

    @property
    def is_visible(self) -> bool:
        return self.comment.state == State.APPROVED

    @property
    def has_words(self) -> bool:
        """Not erased by its writer or after its time: there is something left to decide on."""
        return self.comment.body != ""

    @property
    def offers_approve(self) -> bool:
        """What waits, and what was refused so long ago or by the system that there is nothing to undo."""
        refused = self.comment.state in {State.DECLINED, State.SPAM, State.REMOVED}
        return (
            self.is_waiting or self.appeal is not None or (refused and not self.can_undo and self.has_words)
        )

    @property
    def has_a_past(self) -> bool:
        """More decisions than the one that the card shows anyway."""
        return len(self.earlier) > (0 if self.is_waiting else 1)

    @property
    def can_undo(self) -> bool:
        """A person's decision, still the last word, not itself an undo."""
        last = self.last
        return (
            last is not None
            and last.by_id is not None
            and last.undoes_id is None
            and last.to == self.comment.state
            and not self.is_reported
            and self.appeal is None
            and self.has_words
        )

    @property
    def parent_waits(self) -> bool:
        return self.comment.parent is not None and self.comment.parent.state != State.APPROVED


@dataclass(frozen=True)
class Leaf:
    cards: list[Card]
    page: Page[Comment]
    state: str
    waiting: int
    reported: int
    appeals: int
    filters: list[tuple[str, str]]
    query: str
    kept: str = ""  # the same without the page
    finding: Finding = field(default_factory=Finding)
    person: str = ""  # whose comments these are, by id; empty: everybody's


def leaf_of(
    moderator: User, *, state: str, number: str, person: str = "", finding: Finding | None = None
) -> Leaf:
    """One page of cards, who may be at risk first, then the oldest; what this moderator decided just now keeps its
    place. With a person: all that they wrote, newest first. Only those looked for, where something is."""
    finding = finding or Finding()
    if state not in FILTERS:
        state = ""
    person = person if person.isdecimal() and len(person) < 19 else ""
    comments = Comment.objects.for_queue()
    listed: WaitingList | None = None
    if person:
        comments = comments.filter(commenter=int(person)).order_by("-at_risk", "-pk")
    elif state == "reported":
        comments = comments.reported()
    elif state == "appeals":
        comments = comments.appealed()
    elif state == "mine":
        comments = comments.claimed_by(moderator)
    elif state == "second":
        comments = comments.asking()
    elif state:
        comments = comments.filter(state=state).exclude(body="").order_by("-at_risk", "-created_at", "-pk")
    else:
        listed = WaitingList(comments, decided=_just_decided(moderator), finding=finding)
    comments = finding.among(comments)
    kept = urlencode({"state": state, "person": person, **finding.query})
    paginator: Paginator[Comment] = Paginator(
        cast("CommentQuerySet", comments if listed is None else listed), limits.QUEUE_PAGE
    )
    page = paginator.get_page(number)
    counts = {
        "reported": Comment.objects.reported().count(),
        "appeals": Comment.objects.appealed().count(),
        "mine": Comment.objects.claimed_by(moderator).count(),
        "second": Comment.objects.asking().count(),
    }
    records = records_of(page)
    labels = reasons.labels()
    return Leaf(
        cards=[
            card_of(comment, record=records.get(comment.commenter_id or 0, ""), labels=labels)
            for comment in page
        ],
        page=page,
        state=state,
        waiting=Comment.objects.waiting().count() if listed is None or finding.query else listed.waiting,
        reported=counts["reported"],
        appeals=counts["appeals"],
        filters=[
            (str(key), f"{label} ({counts[key]})" if counts.get(key) else label)
            for key, label in FILTERS.items()
        ],
        query=f"{kept}&page={page.number}",
        kept=kept,
        finding=finding,
        person=person,
    )


def records_of(comments: Iterable[Comment]) -> dict[int, str]:
    """What became of the comments of the confirmed people among the writers, in words, by person."""
    people = {comment.commenter_id for comment in comments if comment.commenter_id}
    rows = (
        Comment.objects.filter(commenter__in=people)
        .values_list("commenter", "state")
        .annotate(count=Count("id"))
        .order_by("commenter", "-count", "state")
    )
    records: dict[int, list[str]] = {}
    for person, state, count in rows:
        records.setdefault(person, []).append(f"{count} {State(state).label.lower()}")
    return {person: ", ".join(parts) for person, parts in records.items()}


def card_of(
    comment: Comment, *, problem: str = "", record: str | None = None, labels: dict[str, str] | None = None
) -> Card:
    """``record``: what `records_of` says of its writer; looked up where it is not given, like the reasons' labels."""
    if record is None:
        record = records_of([comment]).get(comment.commenter_id or 0, "")
    if labels is None:
        labels = reasons.labels()
    found = [verdict for verdict in comment.verdicts.all() if verdict.revision == comment.revision]
    if comment.at_risk:  # known since the text was scored
        found = [verdict for verdict in found if verdict.reason != learnt.REASON]
    signals = [for_moderators(verdict.reason, verdict.detail) for verdict in found]
    links = comment.html.count("<a ")
    if links and not any(verdict.reason == "links" for verdict in found):
        signals.append(f"{links} link{'s' if links > 1 else ''}")
    changes = len(comment.revisions.all())  # covering keeps no earlier text
    if changes:
        signals.append(f"Changed by its writer (text {changes + 1})")
    if comment.revision > changes + 1:
        signals.append("Private words were covered")
    if comment.state == State.PENDING and comment.parent is not None and comment.parent.is_locked:
        signals.append(
            "It was sent before a moderator closed this part to new replies: you can still approve it"
        )
    earlier = sorted(comment.decisions.all(), key=lambda decision: -decision.pk)
    case = next((case for case in comment.cases.all() if case.revision == comment.revision), None)
    return Card(
        comment=comment,
        seen=f"{comment.state}.{comment.revision}",
        signals=signals,
        earlier=earlier,
        case=case,
        marked=marked(comment, found),
        appeal=next((one for one in comment.appeals.all() if one.outcome == Appeal.Outcome.OPEN), None),
        problem=problem,
        record=record,
        labels=labels,
    )


def changed_since(shown: Iterable[str]) -> list[Card]:
    """Cards of those comments that are no more as they stand in an open queue, each given by its `Card.shown`."""
    then = {public_id: rest for public_id, _, rest in (one.partition(".") for one in shown)}
    known = [public_id for public_id in then if public_id.isalnum()][: limits.QUEUE_PAGE * 2]
    now = timezone.now()
    rows = Comment.objects.filter(public_id__in=known)
    changed = [
        public_id
        for public_id, state, revision, by, until in rows.values_list(
            "public_id", "state", "revision", "claim__by", "claim__until"
        )
        if then[public_id] != f"{state}.{revision}.{by if by and until > now else ''}"
    ]
    if not changed:
        return []
    comments = list(Comment.objects.for_queue().filter(public_id__in=changed))
    records, labels = records_of(comments), reasons.labels()
    return [
        card_of(comment, record=records.get(comment.commenter_id or 0, ""), labels=labels)
        for comment in comments
    ]


def chosen(values: Iterable[str]) -> list[tuple[Comment, Seen]]:
    """The ticked comments ("<public id>.<state>.<revision>") with what was seen of each, oldest first.

    Parents come before their replies, so that both can be approved at once.
    """
    parts = (value.partition(".") for value in values)
    seen = {public_id: read_seen(rest) for public_id, _, rest in parts if public_id.isalnum()}
    comments = Comment.objects.for_queue().filter(public_id__in=seen).order_by("pk")
    return [(comment, seen[comment.public_id]) for comment in comments]


def read_seen(text: str) -> Seen:
    """Raises nothing: nonsense becomes a revision that no comment has, so the move is refused in words."""
    state, _, revision = text.partition(".")
    if state not in State.values or not revision.isdecimal():
        return Seen(State.PENDING, 0)
    return Seen(State(state), int(revision[:9]))


def read_looked(text: str) -> tuple[int, int]:
    """The case and the number of reports that a card showed; nonsense is a case that there is not."""
    number, _, count = text.partition(".")
    if not (number.isdecimal() and count.isdecimal() and len(text) < 19):
        return 0, 0
    return int(number), int(count)


def way_back(query: str) -> str:
    """The part of an address that leads back to the page of the queue one came from."""
    asked = parse_qs(query)
    return urlencode([(key, asked[key][0]) for key in ("state", "person", *KEYS, "page") if key in asked])


def _just_decided(moderator: User) -> list[int]:
    recent = Decision.objects.filter(by=moderator, at__gte=timezone.now() - RECENT).exclude(
        reason=Reason.STAFF
    )
    return list(recent.values_list("comment_id", flat=True)[: limits.QUEUE_PAGE])
