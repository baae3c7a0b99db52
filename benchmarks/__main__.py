"""`make bench`: runs the measurements one after the other, prints one table and writes the same as JSON.

ARGS="--only hits,posts" chooses; --quick looks whether all runs; --long adds what takes many minutes; --strict fails
when an aim is missed.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import machine, table
from benchmarks.one import Run
from benchmarks.table import Part, Row
from fibroblog.launcher import checks, postgres, processes
from fibroblog.launcher.processes import ROOT, CannotGoOn, Signals, Stopped
from tests.redis_server import RedisServer

ALL = (
    *(
        "hits",
        "many",
        "renewal",
        "renders",
        "posts",
        "storm",
        "memory",
        "start",
        "front",
        "staleness",
        "hosts",
    ),
    *("screening", "desk", "search", "browser"),
)
ON_BOTH = {"staleness", "search"}  # databases
ON_POSTGRES = {"hosts"}
# The measurements send more in a minute than any limit for visitors allows.
WIDE_OPEN = {f"COMMENTS_PER_{whom}": "1000000000" for whom in ("ADDRESS", "NETWORK", "SITE")}


def main() -> int:
    arguments = _arguments()
    run = Run(
        rounds=1 if arguments.quick else arguments.rounds,
        seconds=2 if arguments.quick else arguments.seconds,
        quick=arguments.quick,
        long=arguments.long,
        changes=arguments.changes,
    )
    signals = Signals()
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var").absolute()
    data.mkdir(parents=True, exist_ok=True)
    try:
        # Beside the site's own data: what a commit costs depends on the disk.
        with tempfile.TemporaryDirectory(prefix="bench-", dir=data) as scratch:
            facts = machine.facts(run) | {
                "fsync": f"{machine.fsync_milliseconds(Path(scratch)):.2f} ms for 4 kB"
            }
            parts = list(_measure(arguments.only, run, Path(scratch), signals))
    except Stopped:
        return 130
    finally:
        signals.close()
    _print(facts, parts)
    file = Path(arguments.json or data / "bench.json")
    file.write_text(json.dumps(table.report(facts, parts), indent=1) + "\n")
    print(f"The same as JSON: {file}")
    return table.exit_code(parts, strict=arguments.strict)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure the site.")
    parser.add_argument("--only", type=_names, default=ALL, help=f"some of {','.join(ALL)}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement in each round")
    parser.add_argument("--changes", type=int, default=1_000, help="that the staleness check makes")
    parser.add_argument("--quick", action="store_true", help="one short round: only whether everything runs")
    parser.add_argument(
        "--long", action="store_true", help="also a million comments, 500,000 requests, 5,000 changes"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 when an aim is missed")
    parser.add_argument("--json", help="where to write the JSON (default: bench.json in DATA_DIR)")
    return parser.parse_args()


def _names(said: str) -> tuple[str, ...]:
    names = tuple(said.split(","))
    if unknown := set(names) - set(ALL):
        raise argparse.ArgumentTypeError(f"no such measurement: {', '.join(sorted(unknown))}")
    return names


def _measure(names: tuple[str, ...], run: Run, scratch: Path, signals: Signals) -> Iterator[Part]:
    """Each with a DATA_DIR as a first `make run` leaves it, demo and all."""
    env = {name: value for name, value in os.environ.items() if name not in checks.SITE_SETTINGS} | WIDE_OPEN
    model = scratch / "model"
    model.mkdir()
    _prepare(env | {"DATA_DIR": str(model)}, signals)
    for name in names:
        if name in ON_POSTGRES:
            yield _on_postgres(name, run, scratch, env, signals)
            continue
        folder = scratch / name
        shutil.copytree(model, folder)
        yield _one(name, run, folder, env | {"DATA_DIR": str(folder)}, signals)
        shutil.rmtree(folder)
        if name in ON_BOTH:
            yield _on_postgres(name, run, scratch, env, signals)


def _on_postgres(name: str, run: Run, scratch: Path, env: Mapping[str, str], signals: Signals) -> Part:
    folder = scratch / f"{name}-postgres"
    folder.mkdir()
    try:
        with postgres.throw_away(signals) as url, ExitStack() as stack:
            surroundings = {**env, "DATA_DIR": str(folder), "DATABASE_URL": url}
            _prepare(surroundings, signals)
            if name == "hosts":
                surroundings |= stack.enter_context(_beside(url, folder, signals))
            part = _one(name, run, folder, surroundings, signals)
    except CannotGoOn as reason:
        part = Part(name, left_out=str(reason))
    shutil.rmtree(folder)
    part.name += " on PostgreSQL"
    return part


@contextmanager
def _beside(primary: str, folder: Path, signals: Signals) -> Iterator[dict[str, str]]:
    """A replica of the database, and Redis."""
    if not shutil.which("redis-server"):
        raise CannotGoOn("redis-server was not found (on Debian: apt install redis-server)")
    redis = RedisServer(folder)
    with postgres.follower(primary, signals) as replica:
        redis.start()
        try:
            yield {"DATABASE_REPLICA_URL": replica, "CACHE_URL": redis.url.replace("redis:", "rediscache:")}
        finally:
            redis.stop()


def _prepare(env: Mapping[str, str], signals: Signals) -> None:
    command = [sys.executable, "manage.py", "prepare"]
    with tempfile.TemporaryFile() as output:
        if processes.run([*command], signals, env={**env, "DEMO_PASSWORD": "of no secret"}, output=output):
            output.seek(0)
            sys.exit(output.read().decode(errors="replace"))


def _one(name: str, run: Run, folder: Path, env: Mapping[str, str], signals: Signals) -> Part:
    print(f"measuring: {name}…", file=sys.stderr, flush=True)
    file = folder / "rows.jsonl"
    file.touch()
    command = [sys.executable, "-m", "benchmarks.one", name, run.as_json(), str(file)]
    code = processes.run([*command], signals, env=env, ask_with=signal.SIGTERM)
    part = Part(name)
    for line in map(json.loads, file.read_text().splitlines()):
        if "what" in line:
            part.rows.append(Row.from_json(line))
        else:
            part.left_out, part.failed = line.get("left_out", ""), line.get("failed", "")
    if code and not part.failed:
        part.failed = f"exit code {code}; its reason stands above the table"
    return part


def _print(facts: Mapping[str, str], parts: list[Part]) -> None:
    print()
    for name, value in facts.items():
        print(f"{name:10}{value}")
    print()
    for line in table.lines(parts):
        print(line)


if __name__ == "__main__":
    sys.exit(main())
