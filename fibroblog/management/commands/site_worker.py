"""The worker that `make run` starts: the task library's own, after seeing to it that the regular rounds are planned."""

from typing import Any

from django_tasks_db.management.commands import db_worker

from fibroblog import rounds


class Command(db_worker.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        rounds.plan()
        rounds.revive()
        super().handle(*args, **options)
