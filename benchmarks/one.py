"""One measurement in a process of its own: ``python -m benchmarks.one NAME SETTINGS FILE``, called by the runner.

Rows are written to the file as they come, a line of JSON each, so that what was measured is kept when the rest fails.
"""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import IO

from benchmarks.table import LeftOut
from benchmarks.wrk import Wrong


@dataclass(frozen=True)
class Run:
    """How much is measured."""

    rounds: int = 3
    seconds: float = 4.0  # of each measurement in each round
    quick: bool = False  # only whether everything runs: little content, figures of no worth
    long: bool = False  # also what takes many minutes
    changes: int = 1_000  # of the staleness check

    def of(self, usual: int, *, quick: int, long: int = 0) -> int:
        """How many of something."""
        if self.quick:
            return quick
        return long if self.long and long else usual

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def main(name: str, settings: str, file: str) -> None:
    signal.signal(signal.SIGTERM, _leave)
    with Path(file).open("a") as output, _explained(output):
        for row in import_module(f"benchmarks.rows.{name}").rows(Run(**json.loads(settings))):
            _say(output, row.as_json())


def _leave(number: int, frame: FrameType | None) -> None:
    """As Ctrl-C: what was started is ended on the way out."""
    raise KeyboardInterrupt


@contextmanager
def _explained(output: IO[str]) -> Iterator[None]:
    try:
        yield
    except LeftOut as reason:
        _say(output, {"left_out": str(reason)})
    except Wrong as reason:
        _say(output, {"failed": str(reason)})
    except KeyboardInterrupt:
        sys.exit(130)


def _say(output: IO[str], line: object) -> None:
    output.write(json.dumps(line) + "\n")
    output.flush()


if __name__ == "__main__":
    from benchmarks.one import main as imported_main  # so that what is raised is what is caught, by one name

    imported_main(*sys.argv[1:4])
