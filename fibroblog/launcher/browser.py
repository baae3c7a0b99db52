"""Finds a Chromium for the browser tests: the machine's own, else Playwright's.

Whether the tests may go without one is for ``checks`` to say.
"""

import os
import shutil
import tempfile
from pathlib import Path

from fibroblog.launcher import processes
from fibroblog.launcher.processes import CannotGoOn, Command, Signals

NAMES = ("chromium", "chromium-browser", "google-chrome")
SECONDS_TO_FETCH = 180.0
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright as s; p = s().start(); "
    "print(p.chromium.executable_path); p.stop()"
)


def find(python: Path, signals: Signals) -> str | None:
    return _named_or_installed() or _playwrights(python, signals) or _fetched(python, signals)


def _named_or_installed() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        if not (found := shutil.which(named)):
            raise CannotGoOn(f"CHROMIUM is set to {named}, which is not a program.")
        return found
    return next(filter(None, map(shutil.which, NAMES)), None)


def _playwrights(python: Path, signals: Signals) -> str | None:
    with tempfile.TemporaryFile() as output:
        processes.run([python, "-c", ASK_PLAYWRIGHT], signals, output=output)
        output.seek(0)
        path = output.read().decode(errors="replace").strip()
    return path if os.access(path, os.X_OK) else None


def _fetched(python: Path, signals: Signals) -> str | None:
    print("No Chromium here; trying Playwright's own…", flush=True)
    command: Command = [python, "-m", "playwright", "install", "chromium"]
    with tempfile.TemporaryFile() as output:
        code = processes.run(command, signals, output=output, seconds=SECONDS_TO_FETCH)
    return _playwrights(python, signals) if code == 0 else None
