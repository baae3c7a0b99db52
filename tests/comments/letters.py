"""Confirmed people, what the worker mails them, and the whole database at a glance."""

import hashlib
import re
from typing import cast

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from comments import delivery, people
from comments.models import Commenter, Confirmation

COUNTERS = {"fibroblog_ratecounter", "django_session", "axes_accessattempt"}


def confirmed(email: str = "wren@example.org", name: str = "Wren", **fields: str) -> Commenter:
    """A person who pressed the button behind their link."""
    person = people.confirm(Confirmation.objects.create(email=email, name=name))
    for field, value in fields.items():
        setattr(person, field, value)
    if fields:
        people.set_mail(person)
    return person


def sent() -> list[EmailMessage]:
    """What one round of the worker sends."""
    mail.outbox.clear()
    delivery.deliver()
    return cast("list[EmailMessage]", list(mail.outbox))


def to(email: str, letters: list[EmailMessage]) -> list[EmailMessage]:
    return [letter for letter in letters if letter.to == [email]]


def paths_in(letter: EmailMessage) -> list[str]:
    """The addresses in a mail, as paths of this site, in their order."""
    return re.findall(rf"^{re.escape(settings.SITE_URL)}(/\S+)$", str(letter.body), flags=re.MULTILINE)


def press(path: str) -> int:
    """Open a link and press its button, as somebody without any cookie; returns the status."""
    client = Client(enforce_csrf_checks=True)
    client.get(path)
    return client.post(path).status_code


def whole_database(*, without: set[str] = COUNTERS) -> str:
    """A hash of every row of every table but the counters."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - without):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # a table's name
            digest.update(repr((table, sorted(map(repr, cursor.fetchall())))).encode())
    return digest.hexdigest()
