"""What a study is judged to show, in fixed words: how much it helps, how sure we can be, and the two as one phrase.

The words follow GRADE's way of speaking: the surer, the plainer the verb. No other phrase for a verdict stands
anywhere else.
"""

from django.db import models


class Size(models.TextChoices):
    LARGE = "large", "Helps a lot"
    MODERATE = "moderate", "Helps moderately"
    LITTLE = "little", "Helps a little"
    NONE = "none", "Little or no difference"
    MIXED = "mixed", "Helps with some things only"
    UNKNOWN = "unknown", "Helps; how much is not known"
    WORSE = "worse", "Makes things worse"


class Certainty(models.TextChoices):
    VERY_UNSURE = "very_low", "Very unsure"
    NOT_VERY_SURE = "low", "Not very sure"
    FAIRLY_SURE = "moderate", "Fairly sure"
    SURE = "high", "Sure"


# After “may” and “probably”, and by itself.
PHRASES = {
    Size.LARGE: ("help a lot", "helps a lot"),
    Size.MODERATE: ("help moderately", "helps moderately"),
    Size.LITTLE: ("help a little", "helps a little"),
    Size.NONE: ("make little or no difference", "makes little or no difference"),
    Size.MIXED: ("help with some things only", "helps with some things only"),
    Size.UNKNOWN: ("help; how much is not known", "helps; how much is not known"),
    Size.WORSE: ("make things worse", "makes things worse"),
}


def words(size: str, certainty: str) -> str:
    """“Probably helps a little”; empty until both are judged."""
    if not size or not certainty:
        return ""
    after_may, plain = PHRASES[Size(size)]
    phrase = {
        Certainty.VERY_UNSURE: f"may {after_may}; very unsure",
        Certainty.NOT_VERY_SURE: f"may {after_may}",
        Certainty.FAIRLY_SURE: f"probably {plain}",
        Certainty.SURE: plain,
    }[Certainty(certainty)]
    return phrase[0].upper() + phrase[1:]


def absolute(better_with: int | None, better_without: int | None, out_of: int | None) -> str:
    """People who got better on both sides, out of the same number, and the difference; empty where it is not known."""
    if better_with is None or better_without is None or out_of is None:
        return ""
    difference = better_with - better_without
    more = f"{abs(difference):,} {'more' if difference > 0 else 'fewer'}" if difference else "no difference"
    return (
        f"Better with it: {better_with:,} in {out_of:,} people. "
        f"Better without it: {better_without:,} in {out_of:,}. "
        f"That is {more}{f' in {out_of:,}' if difference else ''}."
    )
