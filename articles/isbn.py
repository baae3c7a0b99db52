"""Book numbers: read in either form, checked by their check digit, kept in the long one. Pure."""

import re

from django.core.exceptions import ValidationError

WRONG = "This is no ISBN: one of its digits is wrong. It stands on the back of the book."
LENGTH = "An ISBN has 10 or 13 digits. This one has {}."


def normal(typed: str) -> str:
    """The 13 digits, so that a book typed in either form is the same book; "" stays "".

    The arithmetic is that of ISO 2108. Raises ValidationError with a sentence for the editor.
    """
    number = re.sub(r"(?i)^isbn(?:-1[03])?:?|[\s‐-―-]", "", typed.strip()).upper()
    if not number:
        return ""
    if not re.fullmatch(r"[0-9]+X?", number):
        raise ValidationError("An ISBN holds digits only, and sometimes an X at the end.")
    if len(number) == 10:
        if _weighed_10(number) % 11:
            raise ValidationError(WRONG)
        return _with_check_digit(f"978{number[:9]}")
    if len(number) != 13:
        raise ValidationError(LENGTH.format(len(number)))
    if not number.startswith(("978", "979")) or number != _with_check_digit(number[:12]):
        raise ValidationError(WRONG)
    return number


def _weighed_10(number: str) -> int:
    return sum((10 - place) * (10 if sign == "X" else int(sign)) for place, sign in enumerate(number))


def _with_check_digit(first_twelve: str) -> str:
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(first_twelve))
    return f"{first_twelve}{-weighed % 10}"
