"""The site behind the nginx of deploy/, beside nginx with the same page as a file (R1). Not measured yet."""

from collections.abc import Iterator

from benchmarks.one import Run
from benchmarks.table import LeftOut, Row
from fibroblog.launcher.processes import ROOT

AIM = "aim: ≥ 0.85 × R1"


def rows(run: Run) -> Iterator[Row]:
    if not (ROOT / "deploy" / "nginx").is_dir():
        raise LeftOut(f"there is no deploy/nginx in this checkout ({AIM})")
    # To be done: `tests.deploy.front.nginx` before the site, then as in `hits`.
    raise LeftOut(
        f"not wired yet ({AIM}); python -m benchmarks.front looks for stale and failed requests behind nginx"
    )
