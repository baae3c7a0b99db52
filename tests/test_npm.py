"""Programs that only npm has: fetched once, whole or not at all, and missed in one sentence."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from fibroblog.launcher import checks, environment, npm, processes
from fibroblog.launcher.processes import CannotGoOn, Signals

pytestmark = pytest.mark.real_time

# Takes the folder from its own command line, as npm does.
FAKE = """#!/bin/sh
echo called >> "{log}"
while [ "$1" != "--prefix" ]; do shift; done
mkdir -p "$2/node_modules/vnu-jar/build/dist" && touch "$2/node_modules/vnu-jar/build/dist/vnu.jar"
exit {code}
"""


@pytest.fixture
def signals() -> Iterator[Signals]:
    numbers = (*processes.STOPPING, signal.SIGCHLD)
    before = {number: signal.getsignal(number) for number in numbers}
    listening = Signals()
    yield listening
    listening.close()
    for number, action in before.items():
        signal.signal(number, action)


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with nothing but what a test puts into this folder, and an environment of its own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("VNU_JAR", raising=False)
    monkeypatch.delenv("CI", raising=False)
    (tmp_path / ".venv").mkdir()
    here = environment.Environment(tmp_path)
    monkeypatch.setattr(environment, "Environment", lambda: here)
    return folder


def put(folder: Path, name: str, text: str = "#!/bin/sh\n") -> None:
    (folder / name).write_text(text.replace("mkdir", "/bin/mkdir").replace("touch", "/usr/bin/touch"))
    (folder / name).chmod(0o755)


def test_the_checker_is_fetched_once(programs: Path, tmp_path: Path, signals: Signals) -> None:
    put(programs, "java")
    put(programs, "npm", FAKE.format(log=tmp_path / "log", code=0))
    jar = npm.find_checker(signals)
    assert Path(jar).is_file()
    assert npm.find_checker(signals) == jar
    assert (tmp_path / "log").read_text() == "called\n"


def test_a_broken_fetch_leaves_nothing_that_passes_for_the_checker(
    programs: Path, tmp_path: Path, signals: Signals
) -> None:
    put(programs, "java")
    put(programs, "npm", FAKE.format(log=tmp_path / "log", code=1))
    with pytest.raises(npm.NotToBeHad, match="could not fetch vnu-jar"):
        npm.find_checker(signals)
    assert not list((tmp_path / ".venv").rglob("vnu.jar"))


@pytest.mark.parametrize(("there", "missing"), [([], "no Java"), (["java"], "no npm")])
def test_what_is_missing_is_said_in_one_line_and_fails_in_ci_only(
    programs: Path,
    signals: Signals,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    there: list[str],
    missing: str,
) -> None:
    for name in there:
        put(programs, name)
    assert checks._checker(signals) == {}
    said = capsys.readouterr().out
    assert said.startswith("The test of valid HTML is left out: ")
    assert missing in said
    assert said.count("\n") == 1
    monkeypatch.setenv("CI", "true")
    with pytest.raises(CannotGoOn, match="must not be left out"):
        checks._checker(signals)


def test_a_named_checker_is_taken(programs: Path, signals: Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VNU_JAR", "/somewhere/vnu.jar")
    assert checks._checker(signals) == {"VNU_JAR": "/somewhere/vnu.jar"}
    assert os.environ["PATH"] == str(programs)
