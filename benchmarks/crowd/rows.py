"""Rows of the crowd as the verbs would have left them, made of the plan's numbers. Nothing here reads or writes."""

import hashlib
import random
from datetime import datetime, timedelta

from articles.models import Article
from benchmarks.crowd.bulk import Row
from benchmarks.crowd.plan import GROWTH, LASTED, Line, Plan, moment, people_at
from benchmarks.crowd.texts import Texts, length_of_post, somewhere
from comments.models import Case, Commenter, Report
from comments.posting import hash_text
from comments.reasons import Reason
from comments.states import State
from fibroblog import limits

# No visitor's comment has such an id: `new_public_id` draws no "o". As long as an id can be.
COMMENT = "crowd{:07}"
MAIL_DOMAIN = "crowd.invalid"
TOPICS = 20
# What is refused or waits is young: the site deletes the words of the old ones.
REFUSED_FOR, WAITING_FOR, REPORTED_FOR = timedelta(days=80), timedelta(days=20), timedelta(days=10)
REASONS = ("off_topic", "unclear", "advert")


def post_of(number: int, plan: Plan, texts: Texts, end: datetime) -> Article:
    chance = random.Random(f"{plan.seed} post {number}")
    paragraphs = texts.paragraphs(somewhere(chance), length_of_post(chance))
    text = " ".join(paragraphs)
    points = [texts.piece(somewhere(chance), 9) for _ in range(3)]
    return Article(
        title=texts.piece(somewhere(chance), 7).replace(".", "") + "?",
        slug=f"crowd-{plan.seed}-{number}",
        finding=texts.piece(somewhere(chance), 14),
        key_points="\n".join(points),
        body="".join(f"<p>{paragraph}</p>" for paragraph in paragraphs),
        text=text,
        words=len(" ".join([*points, text]).split()),
        status=Article.Status.PUBLISHED,
        published_at=plan.published_at(number, end),
    )


def person_of(number: int, end: datetime) -> Commenter:
    first = max(0, (number - people_at(0)) * 40)
    return Commenter(
        email=f"crowd-{number}@{MAIL_DOMAIN}", name=f"Crowd {number}", confirmed_at=moment(first, end)
    )


def came_at(line: Line, end: datetime) -> datetime:
    planned = moment(line.number, end)
    lately = {"pending": WAITING_FOR, "spam": REFUSED_FOR, "declined": REFUSED_FOR}.get(line.kind)
    return max(planned, end - lately * line.chance) if lately else planned


def decided_at(line: Line, end: datetime) -> datetime:
    """Before the next comment comes: that one may answer this."""
    until_next = LASTED * (GROWTH / (line.number + GROWTH) ** 2)
    return min(end, came_at(line, end) + until_next * line.chance)


def comment_of(line: Line, texts: Texts, end: datetime, *, in_thread: bool) -> Row:
    """Without its key and what it points to."""
    came = came_at(line, end)
    row: Row = {
        "public_id": COMMENT.format(line.number),
        "state": state_of(line),
        "in_thread": in_thread,
        "created_at": came,
        "shown_at": decided_at(line, end) if line.takes_replies else None,
        "owner": _hash_of(f"browser of {sender(line)}"),
        "digest": "",
    }
    if line.kind != "withdrawn":  # of that the words are gone
        paragraphs = texts.paragraphs(line.start, line.length)
        row["name"] = name_of(line)
        row["body"] = "\n\n".join(paragraphs)
        row["html"] = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        row["text_hash"] = hash_text(row["body"])
        row["digest"] = f"crowd-{line.number}"
        if end - came < timedelta(days=limits.NETWORK_DAYS):
            row["network"] = _hash_of(f"network of {sender(line)}")
    return row


def state_of(line: Line) -> str:
    return "approved" if line.kind == "reported" else line.kind


def name_of(line: Line) -> str:
    return f"Crowd guest {line.guest}" if line.person is None else f"Crowd {line.person}"


def sender(line: Line) -> str:
    return f"guest {line.guest}" if line.person is None else f"person {line.person}"


def decisions_on(line: Line, comment: int, plan: Plan, end: datetime) -> list[Row]:
    """The log's entries, one a move, by the system."""
    decided = decided_at(line, end)
    if line.kind == "pending":
        return []
    if line.kind == "spam":
        return [_entry(comment, State.PENDING, State.SPAM, decided, Reason.ROBOT)]
    if line.kind == "declined":
        return [_entry(comment, State.PENDING, State.DECLINED, decided, REASONS[line.number % len(REASONS)])]
    entries = [_entry(comment, State.PENDING, State.APPROVED, decided)]
    if line.kind == "withdrawn":
        after_all_replies = moment((line.number // plan.wave + 1) * plan.wave, end)
        entries.append(_entry(comment, State.APPROVED, State.WITHDRAWN, after_all_replies, Reason.WRITER))
    return entries


def _entry(comment: int, was: State, to: State, at: datetime, reason: str = "") -> Row:
    moved = {"was": was.value, "to": to.value, "reason": str(reason)}
    return {"comment_id": comment, **moved, "revision": 1, "at": at}


def verdicts_on(line: Line, comment: int) -> list[Row]:
    """Nothing that the words would have to bear out."""
    if line.kind == "spam":
        return [_found(comment, "trap", "spam", "trap")]
    found = []
    if line.kind == "pending" and line.chance < 0.6:
        found.append(_found(comment, "speed", "hold", "too_fast", f"{line.chance * 6:.1f}"))
    if line.kind == "pending" and line.number % 4 == 0:
        found.append(_found(comment, "form", "hold", "origin_unknown"))
    return found


def _found(comment: int, check: str, outcome: str, reason: str, detail: str = "") -> Row:
    what = {"check_name": check, "outcome": outcome, "reason": reason, "detail": detail}
    return {"comment_id": comment, "revision": 1, **what}


def case_of(line: Line, comment: int, end: datetime) -> tuple[Case, list[Report]]:
    """What readers report of a visible comment, and nobody looked at yet. The reports lack their case."""
    opened = max(decided_at(line, end), end - REPORTED_FOR * line.chance)
    some = [Report.Reason.UNKIND, Report.Reason.ADVICE, Report.Reason.ADVERT][: 1 + line.number % 3]
    reports = [
        Report(reason=reason, network=_hash_of(f"reporter {line.number} {reason}"), created_at=opened)
        for reason in some
    ]
    return Case(comment_id=comment, revision=1, opened_at=opened), reports


def _hash_of(what: str) -> str:
    return hashlib.sha256(f"crowd {what}".encode()).hexdigest()
