"""What a run was made on: machine, versions and settings, for the top of the table."""

import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from benchmarks import processes
from benchmarks.one import Run


def facts(run: Run) -> dict[str, str]:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory()}, {platform.system()} {platform.release()}",
        "load": f"{load} before the run (above 0.5 others are at work: figures do not count)",
        "versions": ", ".join(
            (
                f"Python {platform.python_version()}",
                *(f"{name} {version(name)}" for name in ("Django", "granian")),
                f"SQLite {sqlite3.sqlite_version}",
                _said("nginx", "-v"),
                _said("wrk", "-v"),
            )
        ),
        "code": _said("git", "describe", "--always", "--dirty"),
        "server": " ".join(str(part) for part in processes.web_command(8000)[2:]),
        "run": f"{run.rounds} rounds of {run.seconds:g} s, {'quick: figures do not count' if run.quick else 'medians'}",
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    return text.partition("model name")[2].partition("\n")[0].strip(" \t:") or platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB"


def _said(program: str, option: str, *more: str) -> str:
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin")
    if found is None:
        return f"no {program}"
    done = subprocess.run([found, option, *more], capture_output=True, text=True, check=False, timeout=20)
    return (done.stdout + done.stderr).strip().partition("\n")[0].partition(" [")[
        0
    ].strip() or f"no {program}"


def fsync_milliseconds(folder: Path, times: int = 200) -> float:
    """What it costs to have four kilobytes safe on the disk that holds the folder; the median."""
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(times):
            file.write(b"x" * 4_096)
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - start)
    return statistics.median(took) * 1_000
