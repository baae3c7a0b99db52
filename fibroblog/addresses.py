"""How an email address is written: one way for each, so that the same address is equal wherever it was typed.

Who may be written to is decided elsewhere.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

LONGEST = 254  # characters: the width of the columns
# Quoted names may hold control characters, and some of those end a line of a mail's head.
UNUSUAL = re.compile(r"[\"\s\x00-\x1f\x7f-\xa0\xad]")


def normal(email: str) -> str:
    """In lower case, the host as mail carries it: ``Wren@Exämple.org`` is ``wren@xn--exmple-cua.org``."""
    name, at, host = email.strip().lower().rpartition("@")
    try:
        return f"{name}{at}{host.encode('idna').decode()}"
    except UnicodeError:  # too long, or no host at all: nothing that mail could be sent to
        return f"{name}{at}{host}"


class AddressField(forms.EmailField):
    """An address that can stand in the head of a mail as it is."""

    widget = forms.EmailInput(attrs={"autocomplete": "email"})

    def clean(self, value: Any) -> str:
        email: str = super().clean(value)
        if UNUSUAL.search(email) or len(normal(email)) > LONGEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return email
