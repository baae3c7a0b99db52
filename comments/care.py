"""Someone may be at risk: what a moderator goes through before deciding on such a comment, and when two are needed.

`moderation.move` asks here; nothing else decides whether such a comment may be decided on.
"""

from django.contrib.auth.models import User
from django.db import transaction

from . import log
from .models import Assessment, Comment, Decision

Level = Assessment.Level

# By name, in the order of the page. Those that every level asks for come first.
STEPS = {
    "read": "I read the whole text, and what they wrote before.",
    "words": "I thought about what the words mean here: an idiom, the past, or now.",
    "answered": "I answered, or asked somebody to: kindly, with the help lines, without judging.",
    "told": "I told another moderator.",
    "emergency": "I followed our emergency plan (who in the team to call, and when to call for help).",
}
NEEDED = {
    Level.NONE: ["read", "words"],
    Level.HEAVY: ["read", "words"],
    Level.POSSIBLE: ["read", "words", "answered", "told"],
    Level.NOW: ["read", "words", "answered", "told", "emergency"],
}


class CareNeeded(Exception):
    """The comment cannot be decided on yet; the text says what is missing."""


@transaction.atomic
def assess(comment: Comment, *, level: Level, steps: list[str], revision: int, by: User) -> Assessment:
    """Keep how ``by`` judges this text; a second look by the same person replaces the first. Raises CareNeeded."""
    current = Comment.objects.select_for_update().get(pk=comment.pk)
    if current.revision != revision:
        raise CareNeeded("Its writer changed this comment meanwhile. Please read it again.")
    missing = [STEPS[step] for step in NEEDED[level] if step not in steps]
    if missing:
        raise CareNeeded(f"For “{level.label}” please do this first: {' '.join(missing)}")
    was = Assessment.objects.filter(comment=comment, revision=revision, by=by).first()
    assessment, _ = Assessment.objects.update_or_create(
        comment=comment,
        revision=revision,
        by=by,
        defaults={"level": level, "steps": [step for step in STEPS if step in steps]},
    )
    log.note(
        Decision.What.RISK, by=by, comment=current, was=was.get_level_display() if was else "", to=level.label
    )
    return assessment


def missing(comment: Comment, assessments: list[Assessment]) -> str:
    """What is needed before anybody decides, as a sentence; empty: nothing.

    ``assessments`` are all of the comment; those of former texts do not count.
    """
    made = [one for one in assessments if one.revision == comment.revision]
    if not made:
        return "Please go through the checklist first."
    if max(one.level for one in made) < Level.NOW or len({one.by_id for one in made}) > 1:
        return ""
    return "“Danger now” is never decided by one person. Somebody else has to go through the checklist, too."


def check(comment: Comment) -> None:
    """Raises CareNeeded where a comment whose writer may be at risk is not ready to be decided on."""
    lacks = missing(comment, list(Assessment.objects.filter(comment=comment)))
    if lacks:
        raise CareNeeded(lacks)
