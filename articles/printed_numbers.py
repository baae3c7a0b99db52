"""Numbers as a paper prints them: 0.50 says how finely was measured, and 0.5 does not.

So the database keeps them as text, in Python they are decimals, and whatever compares them there has to say
`as_number`. No rounding happens anywhere.
"""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from django.db.models.functions import Cast

DIGITS = 12
DECIMALS = 4


def printed(value: Decimal) -> str:
    """All its digits and no exponent."""
    return f"{value:f}"


def as_number(name: str) -> Cast:
    """The column ``name`` as something that the database can compare."""
    return Cast(F(name), models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS))


class PrintedNumberInput(forms.DecimalField):
    """Takes 0.50 in place of 0.5 for a change, which it is here."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        if super().has_changed(initial, data):
            return True
        before, now = self.to_python(initial), self.to_python(data)
        return before is not None and now is not None and printed(before) != printed(now)


# The stubs want the types of a field's two ways named; at run time the class takes none.
class PrintedNumberField(models.DecimalField):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": DIGITS, "decimal_places": DECIMALS, **kwargs})

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value: str | None, *_: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> str | None:
        number = self.to_python(value)
        return None if number is None else printed(number)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        # A DecimalField would round to its decimals here.
        return value if hasattr(value, "as_sql") else self.get_prep_value(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PrintedNumberInput, **kwargs})
