"""Comments and everything around them: fields and constraints, no behaviour. One file per domain idea."""

from .comments import Comment, Revision, Verdict, new_public_id
from .discussion import Discussion
from .log import Decision, Note
from .mail import Mail
from .people import Commenter, Confirmation, Subscription, Suppression
from .presses import Press
from .reports import Case, Report
from .rules import Rule

__all__ = [
    "Case",
    "Comment",
    "Commenter",
    "Confirmation",
    "Decision",
    "Discussion",
    "Mail",
    "Note",
    "Press",
    "Report",
    "Revision",
    "Rule",
    "Subscription",
    "Suppression",
    "Verdict",
    "new_public_id",
]
