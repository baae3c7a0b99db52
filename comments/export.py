"""What a writer may take with them, as plain data. Reads only; who may have it is decided by the views."""

from typing import Any

from django.conf import settings

from . import reasons
from .models import Comment, Commenter


def of_person(person: Commenter) -> dict[str, Any]:
    """Everything that is kept of a person: dates in ISO 8601, addresses of pages in full."""
    return {
        "site": settings.SITE_URL,
        "address": person.email,
        "name": person.name,
        "confirmed_at": person.confirmed_at.isoformat(),
        "mail": {
            "pace": person.pace,
            "quiet_until": person.quiet_until and person.quiet_until.isoformat(),
            "word_of_replies": person.hears_replies,
            "follows": [
                _link(row.article.get_absolute_url())
                for row in person.subscriptions.select_related("article")
            ],
        },
        "comments": [
            of_comment(comment) for comment in Comment.objects.filter(commenter=person).for_writer()
        ],
        "reports": [
            {"reason": report.reason, "note": report.note, "sent_at": report.created_at.isoformat()}
            for report in person.reports.order_by("pk")
        ],
    }


def of_comment(comment: Comment) -> dict[str, Any]:
    sentences = reasons.sentences()
    return {
        "post": comment.article.title,
        "address": _link(comment.get_absolute_url()),
        "answers": comment.parent
        and _link(f"{comment.article.get_absolute_url()}comments/{comment.parent.public_id}/"),
        "name": comment.name,
        "text": comment.body,
        "state": comment.state,
        "written_at": comment.created_at.isoformat(),
        "edited_at": comment.edited_at and comment.edited_at.isoformat(),
        "earlier_texts": [revision.body for revision in comment.revisions.order_by("number")],
        "decisions": [
            {
                "to": decision.to,
                "at": decision.at.isoformat(),
                "reason": sentences.get(decision.reason, ""),
                "note": decision.note.text if hasattr(decision, "note") else "",
            }
            for decision in comment.decisions.order_by("pk").select_related("note")
        ],
    }


def _link(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
