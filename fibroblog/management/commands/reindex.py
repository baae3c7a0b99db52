"""Builds the search's index anew, in one transaction: until it is done, searches find what they found before."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from fibroblog.search import rebuilding


class Command(BaseCommand):
    help = "Build the search's index anew from all posts and comments."

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        for what, count in rebuilding.rebuild().items():
            self.stdout.write(f"{what}: {count} ({time.monotonic() - start:.1f} s)")
