"""Book numbers: both forms, their check digits, and what an editor is told of a wrong one."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from articles.isbn import normal


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("  ", ""),
        ("9780306406157", "9780306406157"),
        ("978-0-306-40615-7", "9780306406157"),
        ("0-306-40615-2", "9780306406157"),
        ("080442957X", "9780804429573"),
        ("080442957x", "9780804429573"),
        ("ISBN 978 1 101 96720 1", "9781101967201"),
        ("ISBN-13: 978‑1‑101‑96720‑1", "9781101967201"),
        ("ISBN-10: 0306406152", "9780306406157"),
    ],
)
def test_one_book_has_one_number_in_whatever_form_it_is_typed(typed: str, stored: str) -> None:
    assert normal(typed) == stored


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("9780306406158", "one of its digits is wrong"),
        ("0306406153", "one of its digits is wrong"),
        ("9770306406157", "one of its digits is wrong"),
        ("978030640615X", "one of its digits is wrong"),
        ("030640615", "10 or 13 digits. This one has 9"),
        ("97803064061577", "This one has 14"),
        ("the green one", "digits only"),
        ("03064X6152", "digits only"),
        ("٠٣٠٦٤٠٦١٥٢", "digits only"),
    ],
)
def test_a_wrong_number_is_refused_with_a_sentence(typed: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        normal(typed)


@given(st.text(alphabet="0123456789", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_no_single_wrong_digit_passes(nine: str, place: int, off: int) -> None:
    check = next(sign for sign in "0123456789X" if _valid(f"{nine}{sign}"))
    stored = normal(nine + check)
    assert normal(stored) == stored
    wrong = nine[:place] + str((int(nine[place]) + off) % 10) + nine[place + 1 :]
    with pytest.raises(ValidationError):
        normal(wrong + check)


def _valid(number: str) -> bool:
    try:
        return bool(normal(number))
    except ValidationError:
        return False
