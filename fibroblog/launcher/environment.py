"""The virtual environment in ``.venv``: made, filled and renewed only when it has to be.

No other module installs anything; the pinned lists in requirements*.txt are the only source.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fibroblog.launcher import processes
from fibroblog.launcher.processes import ROOT, CannotGoOn, Command, Signals

Lists = tuple[str, ...]
RUNTIME: Lists = ("requirements.txt",)
# The second list includes the first, so an environment for tests serves for running, too.
DEVELOPMENT: Lists = ("requirements.txt", "requirements-dev.txt")

MEGABYTE = 1024 * 1024
# Measured on disk: 155 and 445 MB, and pip needs room to unpack.
ROOM_TO_INSTALL = {RUNTIME: 500 * MEGABYTE, DEVELOPMENT: 700 * MEGABYTE}
PYTHON_VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Environment:
    """A project folder and the virtual environment in it."""

    root: Path = ROOT

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """Says what is installed; written last, so that a broken-off install never passes for a whole one."""
        return self.folder / "fibroblog-installed.json"

    def wanted(self, lists: Lists) -> dict[str, str]:
        digests = {name: hashlib.sha256((self.root / name).read_bytes()).hexdigest() for name in lists}
        return {"python": PYTHON_VERSION, **digests}

    def installed(self) -> dict[str, str]:
        try:
            found = json.loads(self.stamp.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def is_current(self, lists: Lists) -> bool:
        # A link to a Python that was uninstalled is "not executable".
        return os.access(self.python, os.X_OK) and self.wanted(lists).items() <= self.installed().items()

    def note(self, content: dict[str, str]) -> None:
        draft = self.stamp.with_suffix(".new")
        draft.write_text(json.dumps(content))
        draft.replace(self.stamp)


def ensure(lists: Lists, signals: Signals, environment: Environment | None = None) -> Path:
    """Return the environment's Python, with the packages of these lists installed."""
    environment = environment or Environment()
    if not environment.is_current(lists):
        _require_write_access(environment.root)
        waiting = "Another start is installing packages here; waiting for it…"
        with processes.alone(environment.root, signals, waiting=waiting):
            # Whoever held the lock before us may have done the work.
            if not environment.is_current(lists):
                _install(environment, lists, signals)
    return environment.python


def _require_write_access(root: Path) -> None:
    if not os.access(root, os.W_OK):
        raise CannotGoOn(f"Packages go to {root / '.venv'}, but {root} is not writable for you.")


def _install(environment: Environment, lists: Lists, signals: Signals) -> None:
    require_room(environment.root, ROOM_TO_INSTALL[lists], what="installing the packages")
    if not _is_usable(environment, signals):
        _create(environment, signals)
    first = not environment.stamp.exists()
    print("Installing packages (first start, about a minute)…" if first else "Updating packages…", flush=True)
    environment.note({"python": UNFINISHED})
    command: Command = [environment.python, "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--requirement", environment.root / lists[-1]]
    code, output = _run(command, signals)
    if code:
        # pip that ends by itself leaves whole packages behind; only a killed one must not be trusted.
        environment.stamp.unlink()
        raise CannotGoOn(
            f"The packages could not be installed. pip's last lines:\n\n{_tail(output)}\n\n"
            "Check the network (a proxy, an index of your own: `pip config list`) and start again; "
            "what was fetched is kept."
        )
    environment.note(environment.wanted(lists))


def _is_usable(environment: Environment, signals: Signals) -> bool:
    """Whether pip may go on in what is there: not broken off half-way, same Python, pip at hand."""
    if environment.installed().get("python", PYTHON_VERSION) != PYTHON_VERSION:
        return False
    if not os.access(environment.python, os.X_OK):
        return False
    question = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    code, output = _run([environment.python, "-c", question], signals)
    return code == 0 and output.strip() == PYTHON_VERSION


def _create(environment: Environment, signals: Signals) -> None:
    # Debian ships venv without ensurepip, and without it venv leaves a half-made folder behind.
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise CannotGoOn(
            f"This Python ({sys.executable}) lacks {' and '.join(missing)}, without which there is no "
            "virtual environment. On Debian or Ubuntu: apt install python3-venv"
        )
    code, output = _run([sys.executable, "-m", "venv", "--clear", environment.folder], signals)
    if code:
        raise CannotGoOn(f"{environment.folder} could not be made:\n\n{_tail(output)}")


def require_room(folder: Path, needed: int, *, what: str) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CannotGoOn(
            f"Too little disk space for {what}: {free // MEGABYTE} MB are free in {folder}, "
            f"{needed // MEGABYTE} MB are needed."
        )


def _run(command: Command, signals: Signals) -> tuple[int, str]:
    with tempfile.TemporaryFile() as output:
        code = processes.run(command, signals, output=output)
        output.seek(0)
        return code, output.read().decode(errors="replace")


def _tail(output: str, lines: int = 12) -> str:
    return "\n".join(output.strip().splitlines()[-lines:])
