"""A page with 1,000 comments, read by all connections while it changes five times a second."""

from collections.abc import Iterator

from benchmarks import changes, processes, site_data, wrk
from benchmarks.one import Run
from benchmarks.table import Row, at_most

COMMENTS = 1_000
EVERY = 0.2  # seconds


def rows(run: Run) -> Iterator[Row]:
    site_data.set_up()
    [post] = site_data.make_posts(1, comments=COMMENTS)
    quiet, renewed, made = [], [], 0
    with processes.site() as site:
        url = site.url + post.get_absolute_url()
        wrk.load(url, 1)
        for _ in range(run.rounds):
            quiet.append(wrk.load(url, run.seconds))
            with changes.every(EVERY, [post.pk]) as changed:
                renewed.append(wrk.load(url, run.seconds))
            made += changed.made
    if not made:
        raise wrk.Wrong("the page did not change")
    what = f"page of {COMMENTS:,} comments"
    yield Row(f"{what}, quiet: p99", wrk.p99(quiet), "ms")
    yield Row(
        f"{what}, renewed under load: p99", wrk.p99(renewed), "ms", aim=at_most(50), note=f"{made} changes"
    )
    yield Row(f"{what}, renewed: rate", wrk.rate(renewed), "/s", wrk.ratio(renewed, quiet), "quiet")
