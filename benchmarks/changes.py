"""Approvals and their undoing without end, by the verb that moderators cause, in a process of its own.

``python -m benchmarks.changes SECONDS POST...`` goes over the posts (their ids), one change every so many seconds, until
it is ended; then it says how many it made.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from types import FrameType


@dataclass
class Changes:
    made: int = 0


@contextmanager
def every(seconds: float, posts: list[int]) -> Iterator[Changes]:
    """Changes are made as long as the block runs; then it is known how many."""
    changes = Changes()
    command = [sys.executable, "-m", "benchmarks.changes", str(seconds), *map(str, posts)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        process.stdout.readline()  # it has begun
        yield changes
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=30)
        changes.made = int(said or 0)


def main(seconds: float, posts: list[int]) -> None:
    from benchmarks import site_data

    site_data.set_up()
    from articles.models import Article
    from comments import moderation
    from comments.models import Comment
    from comments.moderation import Seen
    from comments.states import State

    waiting = [site_data.make_waiting(Article.objects.get(pk=pk), pk).pk for pk in posts]
    over = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal over
        over = True

    signal.signal(signal.SIGTERM, end)
    print("begun", flush=True)
    made, due = 0, time.monotonic()
    for pk in cycle(waiting):
        if over:
            break
        comment = Comment.objects.get(pk=pk)
        to = State.PENDING if comment.state == State.APPROVED else State.APPROVED
        moderation.move(comment, to, by=None, seen=Seen.of(comment))
        made += 1
        due = max(due + seconds, time.monotonic())
        time.sleep(due - time.monotonic() if due > time.monotonic() else 0)
    print(made)


if __name__ == "__main__":
    main(float(sys.argv[1]), [int(pk) for pk in sys.argv[2:]])
