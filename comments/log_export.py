"""The moderation log as a table for spreadsheets. Like the log itself it holds no text, name or address of a writer."""

import csv
from collections.abc import Iterator

from django.db.models import QuerySet

from .models import Decision
from .reasons import Reason

COLUMNS = [
    "at",
    "who",
    "what",
    "comment",
    "about",
    "from",
    "to",
    "reason",
    "text",
    "entry",
    "takes back entry",
]
# What a spreadsheet would run instead of showing it.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """What a csv.writer writes to, to hand the line on."""

    def write(self, line: str) -> str:
        return line


def lines(decisions: QuerySet[Decision]) -> Iterator[str]:
    """CSV (RFC 4180), a line at a time; times in ISO 8601 with their zone."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for decision in decisions.iterator(chunk_size=1000):
        yield writer.writerow([harmless(cell) for cell in _cells(decision)])


def harmless(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def who(decision: Decision) -> str:
    if decision.by_id is None:
        return "The system or the writer"
    return decision.by.get_username() if decision.by else "A deleted account"


def why(decision: Decision) -> str:
    """In words. Of a row that came with ``with_labels()``."""
    label = getattr(decision, "label", None)
    return label or dict(Reason.choices).get(decision.reason, decision.reason)


def _cells(decision: Decision) -> list[object]:
    return [
        decision.at.isoformat(),
        who(decision),
        decision.what,
        _comment(decision),
        decision.about or "",
        decision.was,
        decision.to,
        decision.reason,
        decision.revision,
        decision.pk,
        decision.undoes_id or "",
    ]


def _comment(decision: Decision) -> str:
    if decision.comment_id is None:
        return ""
    return decision.comment.public_id if decision.comment else "deleted"
