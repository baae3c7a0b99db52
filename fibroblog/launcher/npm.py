"""Programs that only npm has, for checks and measurements: named with their version, kept in ``.venv``, never for the site.

Whether a command may go without one is for ``checks`` to say.
"""

import os
import shutil
import tempfile
from pathlib import Path

from fibroblog.launcher import environment, processes
from fibroblog.launcher.processes import Command, Signals

CHECKER = "vnu-jar", "26.9.27", "build/dist/vnu.jar"  # the Nu HTML checker, a Java program
LIGHTHOUSE = "lighthouse", "12.8.2", "cli/index.js"  # the last that runs on Node 20
SECONDS_TO_FETCH = 300.0


class NotToBeHad(Exception):
    """Says in one sentence what is missing."""


def find_checker(signals: Signals) -> str:
    """The path of the checker's jar, which a Java is there to run; raises NotToBeHad."""
    if named := os.environ.get("VNU_JAR"):
        return named
    if not shutil.which("java"):
        raise NotToBeHad("no Java was found (on Debian: apt install default-jre-headless).")
    return _find(CHECKER, signals)


def find_lighthouse(signals: Signals) -> str:
    """The path of Lighthouse's program for Node; raises NotToBeHad."""
    return os.environ.get("LIGHTHOUSE") or _find(LIGHTHOUSE, signals)


def _find(wanted: tuple[str, str, str], signals: Signals) -> str:
    name, version, inside = wanted
    folder = environment.Environment().folder / "npm" / f"{name}-{version}"
    file = folder / "node_modules" / name / inside
    if not file.exists():
        _fetch(f"{name}@{version}", folder, signals)
    if not file.exists():
        raise NotToBeHad(f"npm could not fetch {name} {version}.")
    return str(file)


def _fetch(package: str, folder: Path, signals: Signals) -> None:
    if not shutil.which("npm"):
        raise NotToBeHad("no npm was found (on Debian: apt install npm).")
    print(f"Fetching {package}…", flush=True)
    # Into place in one step, so that a broken-off fetch never passes for a whole one.
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as draft, tempfile.TemporaryFile() as output:
        command: Command = ["npm", "install", "--prefix", draft, "--no-save", "--no-package-lock"]
        command += ["--ignore-scripts", "--no-audit", "--no-fund", package]
        if processes.run(command, signals, output=output, seconds=SECONDS_TO_FETCH) == 0:
            shutil.rmtree(folder, ignore_errors=True)
            Path(draft).rename(folder)
            Path(draft).mkdir()
