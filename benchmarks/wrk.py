"""The load generator: runs wrk and reads what it says. https://github.com/wg/wrk"""

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.table import LeftOut

CONNECTIONS = 16
LUA = Path(__file__).parent / "lua"
PACKED = {"Accept-Encoding": "gzip"}
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "m": 60_000.0, "h": 3_600_000.0}


class Wrong(Exception):
    """Not all requests were answered as they should: the figures say nothing."""


@dataclass(frozen=True)
class Measured:
    rate: float  # requests a second
    p50: float  # milliseconds
    p99: float
    requests: int


def parse(said: str) -> Measured:
    """Raises Wrong when wrk says that a connection or an answer went wrong."""
    trouble = re.search(r"Socket errors: .*|Non-2xx or 3xx responses: \d+", said)
    if trouble:
        raise Wrong(trouble[0])
    rate = re.search(r"Requests/sec: *([\d.]+)", said)
    requests = re.search(r"(\d+) requests in", said)
    if rate is None or requests is None:
        raise Wrong(f"wrk said: {said[-500:]}")
    return Measured(float(rate[1]), _percentile(said, "50"), _percentile(said, "99"), int(requests[1]))


def _percentile(said: str, which: str) -> float:
    """In milliseconds; wrk chooses the unit by size."""
    found = re.search(rf"^ +{which}% +([\d.]+)(us|ms|s|m|h) *$", said, re.MULTILINE)
    if found is None:
        raise Wrong(f"wrk named no {which}th percentile: {said[-500:]}")
    return float(found[1]) * MILLISECONDS[found[2]]


def command(
    url: str,
    seconds: float,
    *,
    connections: int = CONNECTIONS,
    script: str = "",
    arguments: Sequence[str] = (),
    headers: Mapping[str, str] = PACKED,
) -> list[str]:
    program = shutil.which("wrk")
    if program is None:
        raise LeftOut("wrk was not found (on Debian: apt install wrk)")
    parts = [
        program,
        "--latency",
        "-t1",
        f"-c{connections}",
        f"-d{max(1, round(seconds))}s",
        "--timeout",
        "20s",
    ]
    for name, value in headers.items():
        parts += ["-H", f"{name}: {value}"]
    if script:
        parts += ["-s", str(LUA / script)]
    return [*parts, url, *(["--", *arguments] if arguments else [])]


def load(
    url: str,
    seconds: float,
    *,
    connections: int = CONNECTIONS,
    script: str = "",
    arguments: Sequence[str] = (),
    headers: Mapping[str, str] = PACKED,
) -> Measured:
    """So many connections, each asking again as soon as it is answered, for so long."""
    parts = command(
        url, seconds, connections=connections, script=script, arguments=arguments, headers=headers
    )
    done = subprocess.run(parts, capture_output=True, text=True, timeout=seconds + 60, check=False)
    if done.returncode:
        raise Wrong(f"wrk: {done.stderr.strip() or done.stdout.strip()}")
    return parse(done.stdout)


Rounds = dict[str, list[Measured]]


def interleave(contestants: Mapping[str, Callable[[], Measured]], rounds: int) -> Rounds:
    """Everybody once a round, so that whatever else the machine does hits all of them alike."""
    found: Rounds = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, measure in contestants.items():
            found[name].append(measure())
    return found


def ratio(ours: Sequence[Measured], theirs: Sequence[Measured]) -> float:
    """Of the rates: the median of what each round says by itself."""
    return median(our.rate / their.rate for our, their in zip(ours, theirs, strict=True))


def rate(measured: Sequence[Measured]) -> float:
    return median(one.rate for one in measured)


def p99(measured: Sequence[Measured]) -> float:
    return median(one.p99 for one in measured)
