"""The only way to the HTML that a post or page stores."""

from dataclasses import replace

from django.core.exceptions import ValidationError

from fibroblog import limits, safety

from .structure import put_right

_rules = replace(safety.ARTICLE, put_right=put_right)


def sanitise(html: str) -> str:
    """HTML with nothing in it that a post may not hold; unchanged when it is sanitised again.

    Raises ValidationError when the text is too long or holds what cannot be stored.
    """
    _check_length(html)
    cleaned = _rules.clean(safety.plain(html), check_length=_check_length)
    _check_length(cleaned)  # "&" became "&amp;": what is stored has to pass again at the next save
    return cleaned


def _check_length(html: str) -> None:
    if len(html) > limits.ARTICLE_MAX_LENGTH:
        raise ValidationError(
            f"The text has {len(html):,} characters of HTML; the most is {limits.ARTICLE_MAX_LENGTH:,}. "
            "Split it into two posts.",
            code="too_long",
        )
