"""Brings the database, the static files and the demo to where a start needs them. Safe to repeat."""

import os
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from articles import share_cards
from articles.models import Article
from fibroblog import demo, rounds
from fibroblog.search import rebuilding


class Command(BaseCommand):
    help = "Migrate, collect static files, load the demo into an empty database (not with DEMO=0)."

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Setting up the database…")
            call_command("migrate", verbosity=0, interactive=False)
        if rebuilding.is_needed():
            self.stdout.write("Making posts and comments searchable…")
            rebuilding.rebuild()
        self.collect()
        rounds.plan()
        share_cards.catch_up()
        if os.environ.get("DEMO", "1") != "0" and not User.objects.exists() and not Article.objects.exists():
            self.stdout.write("Loading the demo…")
            password = demo.load(os.environ.get("DEMO_PASSWORD", ""))
            self.stdout.write("\nDemo accounts, all with this password (shown only now):")
            self.stdout.write(f"    {', '.join(demo.ACCOUNTS)}    password: {password}\n")

    def collect(self) -> None:
        """Collect static files when one is newer than what was collected.

        Older ones stay: their names carry a hash, and pages from before an update still ask for them.
        """
        marker = settings.STATIC_ROOT / "collected"
        newest = str(
            max(path.stat().st_mtime_ns for path in [settings.BASE_DIR / "requirements.txt", *self.sources()])
        )
        if marker.exists() and marker.read_text() == newest:
            return
        self.stdout.write("Collecting static files…")
        call_command("collectstatic", verbosity=0, interactive=False)
        marker.write_text(newest)

    @staticmethod
    def sources() -> list[Any]:
        return [path for folder in settings.STATICFILES_DIRS for path in folder.rglob("*") if path.is_file()]
