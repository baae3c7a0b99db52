"""Removes what the demo brought: its posts with their comments, pictures, authors, topics and accounts."""

from typing import Any

from django.core.management.base import BaseCommand

from fibroblog import demo


class Command(BaseCommand):
    help = "Remove the demo's posts, pictures, authors, topics and accounts. What you made yourself stays."

    def handle(self, *args: Any, **options: Any) -> None:
        for what, count in demo.clear().items():
            self.stdout.write(f"Removed {what}: {count}")
        self.stdout.write("First administrator of your own: manage.py createsuperuser")
