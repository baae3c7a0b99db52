"""What a database file and a folder of mail keep of things that were deleted: removed as well, after the commit.

Whoever erases a person calls `forget`; nothing else in the code deletes a file of mail.
"""

import re
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

# Django writes a line of dashes after each mail.
BETWEEN = re.compile(rb"(?<=\n-{79}\n)(?=Content-Type:)")


def forget(address: str) -> None:
    """Once the transaction is through, no file of ours holds the address any longer."""
    transaction.on_commit(partial(_forget_files, address))
    transaction.on_commit(_overwrite)


def _forget_files(address: str) -> None:
    """Mail that was written to files instead of being sent; what others got at the same moment may be in the same file."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", None) or settings.MAIL_DIR)
    for file in folder.glob("*.log"):
        mails = BETWEEN.split(file.read_bytes())
        others = [mail for mail in mails if address.encode() not in mail.lower()]
        if not any(others):
            file.unlink(missing_ok=True)
        elif others != mails:
            file.write_bytes(b"".join(others))


def _overwrite() -> None:
    """SQLite's journal still holds the old pages; the database file itself overwrites what is deleted (secure_delete)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
