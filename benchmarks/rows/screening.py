"""All checks on one comment, in one process: what they take of the time that a comment has."""

import statistics
import time
from collections.abc import Iterator

from benchmarks import site_data
from benchmarks.one import Run
from benchmarks.table import Row

KINDS = (
    "Thank you for this. ",
    "I take it slowly, and some days I do not get up at all, which is allowed. ",
    "My doctor and I settled on 25 mg after a year; nobody told me how tired it would make me. ",
    "It says on https://example.org/a that pacing may help a little, and it did for me. ",
)


def rows(run: Run) -> Iterator[Row]:
    site_data.set_up()
    [post] = site_data.make_posts(1)
    times = sorted(_seconds(post.pk, number) * 1_000 for number in range(run.of(500, quick=50)))
    note = "with the rules that the blog comes with; texts of all lengths and kinds"
    yield Row("the whole pipeline for one comment", statistics.median(times), "ms", note=note)
    yield Row("the whole pipeline for one comment: p95", times[len(times) * 95 // 100], "ms")


def _seconds(article: int, number: int) -> float:
    from comments.posting import hash_text
    from comments.rendering import render
    from comments.screening import screen
    from comments.screening.verdicts import Submission

    body = f"{number}. " + KINDS[number % len(KINDS)] * (1 + number % 20)
    submission = Submission(
        article=article,
        name=f"Reader {number % 50}",
        body=body,
        html=render(body),
        text_hash=hash_text(body),
        network=f"n{number % 40}",
        neighbourhood=f"near {number % 20}",
        owner=f"o{number % 60}",
        seconds=30.0,
    )
    start = time.perf_counter()
    screen(submission)
    return time.perf_counter() - start
