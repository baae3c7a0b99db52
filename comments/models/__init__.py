"""Comments and everything around them: fields and constraints, no behaviour. One file per domain idea."""

from .comments import Comment, Revision, Verdict, new_public_id
from .desk import Alarm, Appeal, Assessment, Claim, DeskMail, RefusalReason, Remark, SavedReply
from .discussion import Discussion
from .figures import AnswerTime, Learnt
from .log import Decision, Note
from .mail import Mail
from .measures import Measure
from .people import Commenter, Confirmation, Subscription, Suppression
from .presses import Press
from .reports import Case, Report
from .rules import Rule

__all__ = [
    "Alarm",
    "AnswerTime",
    "Appeal",
    "Assessment",
    "Case",
    "Claim",
    "Comment",
    "Commenter",
    "Confirmation",
    "Decision",
    "DeskMail",
    "Discussion",
    "Learnt",
    "Mail",
    "Measure",
    "Note",
    "Press",
    "RefusalReason",
    "Remark",
    "Report",
    "Revision",
    "Rule",
    "SavedReply",
    "Subscription",
    "Suppression",
    "Verdict",
    "new_public_id",
]
