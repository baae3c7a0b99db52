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


class NoBrowser(Exception):
    """Says in one sentence what is missing."""


def find(python: Path, signals: Signals) -> str:
    """Return the path of a Chromium that Playwright can drive; raises NoBrowser."""
    playwrights = _where_playwright_keeps_its_own(python, signals)
    if found := _named_or_installed():
        return found
    if not _is_program(playwrights):
        _fetch(python, signals)
    if not _is_program(playwrights):
        raise NoBrowser("no Chromium was found and Playwright's could not be fetched.")
    return playwrights


def _where_playwright_keeps_its_own(python: Path, signals: Signals) -> str:
    """Ask it, which also shows whether it starts: its Node needs a library that a small Debian lacks."""
    with tempfile.TemporaryFile() as output:
        code = processes.run([python, "-c", ASK_PLAYWRIGHT], signals, output=output)
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    if code:
        raise NoBrowser(f"Playwright does not start ({said.partition(chr(10))[0]}).")
    return said


def _named_or_installed() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        if not (found := shutil.which(named)):
            raise CannotGoOn(f"CHROMIUM is set to {named}, which is not a program.")
        return found
    return next(filter(None, map(shutil.which, NAMES)), None)


def _fetch(python: Path, signals: Signals) -> None:
    print("No Chromium here; trying Playwright's own…", flush=True)
    command: Command = [python, "-m", "playwright", "install", "chromium"]
    with tempfile.TemporaryFile() as output:
        processes.run(command, signals, output=output, seconds=SECONDS_TO_FETCH)


def _is_program(path: str) -> bool:
    return os.access(path, os.X_OK)
