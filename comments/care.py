"""Someone may be at risk: what a moderator goes through before deciding on such a comment, and when two are needed.

`moderation.move` and `appeals.let_stand` ask here; nothing else decides whether such a comment may be decided on.
"""

from django.contrib.auth.models import User
from django.db import transaction

from . import log
from .locking import lock_threads
from .models import Appeal, Assessment, Comment, Decision

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
def assess(
    comment: Comment, *, level: Level, steps: list[str], revision: int, by: User, appeal: int = 0
) -> Assessment:
    """Keep how ``by`` judges this text, together with the words of the open ``appeal`` (its id) that they had before
    them. A second look by the same person stands beside the first. Raises CareNeeded."""
    lock_threads([comment])
    current = Comment.objects.get(pk=comment.pk)
    if current.revision != revision:
        raise CareNeeded("Its writer changed this comment meanwhile. Please read it again.")
    asked = Appeal.objects.open_on(current)
    if (asked.pk if asked else 0) != appeal:
        raise CareNeeded("Whether its writer asks for another look changed meanwhile. Please look again.")
    missing = [STEPS[step] for step in NEEDED[level] if step not in steps]
    if missing:
        raise CareNeeded(f"For “{level.label}” please do this first: {' '.join(missing)}")
    kept = [step for step in STEPS if step in steps]
    was = Assessment.objects.filter(comment=comment, revision=revision, appeal=asked, by=by).last()
    if was is not None and (was.level, was.steps) == (level, kept):
        return was  # the same click again
    assessment = Assessment.objects.create(
        comment=comment, revision=revision, appeal=asked, by=by, level=level, steps=kept
    )
    log.note(
        Decision.What.RISK, by=by, comment=current, was=was.get_level_display() if was else "", to=level.label
    )
    return assessment


def missing(comment: Comment, assessments: list[Assessment], *, appeal: Appeal | None) -> str:
    """What is needed before anybody decides, as a sentence; empty: nothing.

    ``assessments`` are all of the comment, and ``appeal`` is the one that is open. Those of former texts do not count,
    and those from before the appeal are no answer to what its writer says now. But that somebody said “Danger now” of
    this text is never taken back: not by who said it, and not by an appeal.
    """
    of_text = [one for one in assessments if one.revision == comment.revision]
    made = [one for one in of_text if appeal is None or one.appeal_id == appeal.pk]
    if not made:
        return "Please go through the checklist first."
    if max(one.level for one in of_text) < Level.NOW or len({one.by_id for one in made}) > 1:
        return ""
    return "“Danger now” is never decided by one person. Somebody else has to go through the checklist, too."


def check(comment: Comment) -> None:
    """Raises CareNeeded where somebody may be at risk and nobody, or too few, went through the checklist.

    Called with the thread locked (`locking`), so that what was judged stays true until the decision is stored.
    """
    current = Comment.objects.get(pk=comment.pk)
    if not current.at_risk:
        return
    appeal = Appeal.objects.open_on(current)
    lacks = missing(current, list(Assessment.objects.filter(comment=current)), appeal=appeal)
    if lacks:
        raise CareNeeded(lacks)
