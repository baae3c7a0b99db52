"""The launcher, mostly as a person meets it: a small project with a stub site, real processes, real signals.

What the site itself does when it is prepared and served is not tested here.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fibroblog.launcher import browser, checks, environment, postgres, processes, serving
from fibroblog.launcher.environment import DEVELOPMENT, RUNTIME, Environment
from fibroblog.launcher.processes import ROOT, CannotGoOn, Command, Signals, Stopped
from fibroblog.launcher.supervisor import Patience, Supervisor

# Generous, because it is met only when a test fails.
PATIENCE = 20.0

WEB = """
import http.server, json, os, pathlib, subprocess, sys
data = pathlib.Path(os.environ["DATA_DIR"])
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
(data / "environment.json").write_text(json.dumps(dict(os.environ)))
with (data / "web.pids").open("a") as pids:
    print(os.getpid(), helper.pid, file=pids)
class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass
port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.HTTPServer(("127.0.0.1", port), Site).serve_forever()
"""
MANAGE = """
import os, pathlib, sys, time
data = pathlib.Path(os.environ["DATA_DIR"])
with (data / (sys.argv[1] + ".pids")).open("a") as pids:
    print(os.getpid(), file=pids)
while sys.argv[1] == "site_worker" or (data / "hold").exists():
    time.sleep(0.02)
"""
# Stands in for the environment's Python: pip and pytest only note that they were called, and may fail.
FAKE_PYTHON = """#!/bin/sh
case "$*" in
*"-m pytest"* | *"-m benchmarks"*)
    echo "$DATABASE_URL: $*" >> "{root}/module.log"
    exit $(cat "{root}/exit-code") ;;
*"-m pip install"*)
    echo called >> "{root}/pip.log"
    while [ -e "{root}/hold-pip" ]; do sleep 0.02; done
    if [ -e "{root}/break-pip" ]; then echo "ERROR: no route to the index"; exit 1; fi ;;
*sync_playwright*) echo /bin/true ;;
*"import sys, pip"*) echo "{version}" ;;
*"-m mypy"*) ;;
*) exec "{python}" "$@" ;;
esac
"""


LAUNCHER = (sys.executable, "-m", "fibroblog.run")


@dataclass
class Project:
    """A folder that the launcher takes for its project, and what was started in it."""

    root: Path
    port: int
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.root / "var"

    def start(self, *command: str, **env: str) -> subprocess.Popen[bytes]:
        with (self.root / f"output-{len(self.started)}").open("wb") as log:
            self.started.append(
                subprocess.Popen(
                    command or LAUNCHER,
                    cwd=self.root,
                    env=self.environ(env),
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )
        return self.started[-1]

    def environ(self, extra: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in checks.SITE_SETTINGS}
        # As if npm had brought them: no test asks a registry.
        tools = {"VNU_JAR": sys.executable, "LIGHTHOUSE": sys.executable}
        return kept | {"PORT": str(self.port), "DATA_DIR": str(self.data)} | tools | extra

    def says(self, number: int = 0) -> str:
        return (self.root / f"output-{number}").read_text()

    def refusal(self, *command: str, **env: str) -> str:
        """What a start that must fail says; never a traceback, always exit code 1."""
        number = len(self.started)
        assert self.start(*command, **env).wait(PATIENCE) == 1
        assert "Traceback" not in self.says(number)
        return self.says(number)

    def running(self) -> subprocess.Popen[bytes]:
        launcher = self.start()
        until(lambda: "Ctrl-C stops it" in self.says(), self.says)
        until(lambda: self.pids("site_worker"), self.says)
        return launcher

    def pids(self, name: str) -> list[int]:
        try:
            return [int(word) for word in (self.data / f"{name}.pids").read_text().split()]
        except FileNotFoundError:
            return []

    def nobody_is_left(self) -> bool:
        names = ("prepare", "web", "site_worker")
        return not any(alive(pid) for name in names for pid in self.pids(name))


def until(condition: Callable[[], object], explain: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, explain()
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """A zombie that nobody has fetched yet is dead."""
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        # Without /proc (macOS) only the kill counts; under Linux the process went between the two lines.
        return sys.platform != "linux"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    root = tmp_path / "project"
    (root / "granian").mkdir(parents=True)
    for name in ("Makefile", "fibroblog"):
        (root / name).symlink_to(ROOT / name)
    (root / "granian" / "__init__.py").touch()
    (root / "granian" / "__main__.py").write_text(WEB)
    (root / "manage.py").write_text(MANAGE)
    (root / "exit-code").write_text("0")
    (root / "tests" / "browser").mkdir(parents=True)
    for name in DEVELOPMENT:
        (root / name).write_text(f"# {name}\n")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made = Project(root, probe.getsockname()[1])
    fill(Environment(root))
    yield made
    for process in made.started:
        process.terminate()
    for process in made.started:
        process.wait(PATIENCE)
    until(made.nobody_is_left)


def fill(place: Environment) -> None:
    """Make an environment that is up to date, and looks it."""
    place.python.parent.mkdir(parents=True)
    script = FAKE_PYTHON.format(root=place.root, version=environment.PYTHON_VERSION, python=sys.executable)
    place.python.write_text(script)
    place.python.chmod(0o755)
    place.note(place.wanted(DEVELOPMENT))


@pytest.fixture
def signals() -> Iterator[Signals]:
    numbers = (*processes.STOPPING, signal.SIGCHLD)
    before = {number: signal.getsignal(number) for number in numbers}
    listening = Signals()
    yield listening
    listening.close()
    for number, action in before.items():
        signal.signal(number, action)


# Refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "80.5", "８０００", "9" * 5000])
def test_a_port_that_is_no_port_is_named(project: Project, port: str) -> None:
    assert project.refusal(PORT=port).startswith("PORT must be a whole number from 1 to 65535")
    assert project.pids("prepare") == []


def test_a_taken_port_is_told_before_anything_is_done(project: Project) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", project.port))
        stranger.listen()
        said = project.refusal()
    assert f"Port {project.port} is taken" in said
    assert f"PORT={project.port + 1} make run" in said
    assert project.pids("prepare") == []


def test_a_second_start_of_the_same_site_is_told_where_the_first_is(project: Project) -> None:
    project.running()
    said = project.refusal()
    assert f"already started at http://127.0.0.1:{project.port} with this very DATA_DIR" in said
    assert len(project.pids("prepare")) == 1


def test_a_second_start_on_another_port_is_welcome(project: Project) -> None:
    project.running()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    project.start(PORT=port)
    until(lambda: "Ctrl-C stops it" in project.says(1), lambda: project.says(1))
    assert f":{port}" in project.says(1)


def test_an_address_of_another_machine_is_refused(project: Project) -> None:
    # 192.0.2.0/24 is set aside for documentation (RFC 5737).
    assert "cannot listen on 192.0.2.1" in project.refusal(HOST="192.0.2.1")


def test_a_host_that_is_no_name_is_refused(project: Project) -> None:
    assert "HOST must be an address of this machine" in project.refusal(HOST="a..b")


def test_a_file_for_a_data_dir_is_refused(project: Project) -> None:
    for path in (project.root / "manage.py", project.root / "manage.py" / "below"):
        assert "is not a folder" in project.refusal(DATA_DIR=str(path))


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder in which nobody can write")
def test_an_unwritable_data_dir_is_refused(project: Project) -> None:
    assert "cannot be written to" in project.refusal(DATA_DIR="/proc/fibroblog")


def test_a_full_disk_is_told_with_figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(9, 9, 10 * 1024 * 1024))
    with pytest.raises(CannotGoOn, match=r"10 MB are free in .*, 50 MB are needed"):
        serving.open_data_dir(tmp_path)


def test_an_old_python_is_refused(project: Project) -> None:
    old = "import sys; sys.hexversion = 0x03090000; import fibroblog.run"
    assert "needs Python 3.11 or newer" in project.refusal(sys.executable, "-c", old)


def test_a_python_without_venv_is_refused(project: Project) -> None:
    shutil.rmtree(project.root / ".venv")
    lacking = (
        "import sys; sys.modules['ensurepip'] = None; from fibroblog.run import main; sys.exit(main([]))"
    )
    assert "apt install python3-venv" in project.refusal(sys.executable, "-c", lacking)
    assert not (project.root / ".venv").exists()


def test_a_missing_python_is_told_by_make(project: Project) -> None:
    make = project.start("make", "run", "PYTHON=no-such-python")
    assert make.wait(PATIENCE) != 0
    assert "needs Python 3.11 or newer, and no-such-python was not found" in project.says()


def test_an_unknown_command_lists_the_known_ones(project: Project) -> None:
    assert project.start(*LAUNCHER, "fly").wait(PATIENCE) == 2
    assert "test-postgres" in project.says()


def test_a_failed_preparation_ends_the_start(project: Project) -> None:
    for failure in ("raise SystemExit('The disk is full.')", "raise ValueError('The disk is full.')"):
        (project.root / "manage.py").write_text(failure)
        assert project.refusal().startswith("The site could not be prepared: The disk is full.\n")
    assert "Traceback" in (project.data / "prepare.log").read_text()


# The virtual environment ------------------------------------------------------------------------


def test_what_is_installed_is_not_installed_again(project: Project) -> None:
    project.running()
    assert not (project.root / "pip.log").exists()


def test_an_environment_for_tests_serves_for_running(project: Project) -> None:
    place = Environment(project.root)
    assert place.is_current(DEVELOPMENT)
    assert place.is_current(RUNTIME)
    place.note(place.wanted(RUNTIME))
    assert not place.is_current(DEVELOPMENT)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda place: (place.root / "requirements.txt").write_text("Django==9"),
        lambda place: place.note({**place.wanted(RUNTIME), "python": "3.8"}),
        lambda place: place.stamp.write_text("{"),
        lambda place: place.stamp.write_text("[]"),
        lambda place: place.stamp.unlink(),
        lambda place: (place.python.unlink(), place.python.symlink_to("/gone/python")),
    ],
    ids=["changed list", "other Python", "torn stamp", "odd stamp", "no stamp", "Python gone"],
)
def test_an_environment_that_differs_is_not_current(
    project: Project, spoil: Callable[[Environment], object]
) -> None:
    place = Environment(project.root)
    assert place.is_current(RUNTIME)
    spoil(place)
    assert not place.is_current(RUNTIME)


def test_a_changed_list_is_installed_once(project: Project, signals: Signals) -> None:
    place = Environment(project.root)
    (project.root / "requirements.txt").write_text("# changed\n")
    for _ in range(2):
        assert environment.ensure(RUNTIME, signals, place) == place.python
    assert (project.root / "pip.log").read_text() == "called\n"


def test_two_starts_at_once_install_once(project: Project) -> None:
    Environment(project.root).stamp.unlink()
    hold = project.root / "hold-pip"
    hold.touch()
    project.start()
    until((project.root / "pip.log").exists, project.says)
    project.start(PORT=str(project.port - 1), DATA_DIR=str(project.root / "other"))
    until(lambda: "waiting for it" in project.says(1), lambda: project.says(1))
    hold.unlink()
    until(lambda: "Ctrl-C stops it" in project.says(0) and "Ctrl-C stops it" in project.says(1), project.says)
    assert (project.root / "pip.log").read_text() == "called\n"


def test_pips_failure_is_shown_and_repeated_by_the_next_start(project: Project, signals: Signals) -> None:
    place = Environment(project.root)
    place.stamp.unlink()
    (project.root / "break-pip").touch()
    assert "ERROR: no route to the index" in project.refusal()
    (project.root / "break-pip").unlink()
    environment.ensure(RUNTIME, signals, place)
    assert place.is_current(RUNTIME)


def test_an_install_that_was_broken_off_begins_afresh(
    project: Project, signals: Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Environment(project.root)
    place.stamp.unlink()
    hold = project.root / "hold-pip"
    hold.touch()
    launcher = project.start()
    until((project.root / "pip.log").exists, project.says)
    launcher.send_signal(signal.SIGINT)
    assert launcher.wait(PATIENCE) == 0
    assert "Traceback" not in project.says()

    made: list[Path] = []
    monkeypatch.setattr(environment, "_create", lambda place, signals: made.append(place.folder))
    hold.unlink()
    environment.ensure(RUNTIME, signals, place)
    assert made == [place.folder]


# Running ----------------------------------------------------------------------------------------


def test_the_site_is_told_where_it_is(project: Project) -> None:
    everywhere = "0.0.0.0"
    project.start(DATA_DIR="var", HOST=everywhere)
    until(lambda: "Ctrl-C stops it" in project.says(), project.says)
    told = json.loads((project.data / "environment.json").read_text())
    address = f"http://127.0.0.1:{project.port}"
    assert told["DATA_DIR"] == str(project.data)
    assert (told["HOST"], told["PORT"], told["SITE_URL"]) == (everywhere, str(project.port), address)
    assert f"{address}/admin/" in project.says()


def test_a_public_address_is_kept(project: Project) -> None:
    options = serving.Options.read({"SITE_URL": "https://example.org/", "HOST": "::1", "PORT": ""})
    assert options.site_url == "https://example.org"
    assert options.address == "http://[::1]:8000"


@pytest.mark.parametrize("number", processes.STOPPING)
def test_a_signal_ends_everything_quietly(project: Project, number: signal.Signals) -> None:
    launcher = project.running()
    launcher.send_signal(number)
    launcher.send_signal(number)
    assert launcher.wait(PATIENCE) == 0
    assert project.nobody_is_left()
    assert "Traceback" not in project.says()


def test_ctrl_c_under_make_ends_without_an_error(project: Project) -> None:
    make = project.start("make", "run")
    until(lambda: "Ctrl-C stops it" in project.says(), project.says)
    os.killpg(make.pid, signal.SIGINT)
    make.wait(PATIENCE)
    assert project.nobody_is_left()
    assert "Traceback" not in project.says()
    assert "Error" not in project.says()


def test_nohup_outlives_its_terminal(project: Project) -> None:
    ignoring = "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    ignoring += "os.execv(sys.executable, [sys.executable, '-m', 'fibroblog.run'])"
    launcher = project.start(sys.executable, "-c", ignoring)
    until(lambda: "Ctrl-C stops it" in project.says(), project.says)
    launcher.send_signal(signal.SIGHUP)
    launcher.send_signal(signal.SIGTERM)
    assert launcher.wait(PATIENCE) == 0


def test_a_stop_during_the_preparation_ends_it(project: Project) -> None:
    project.data.mkdir()
    (project.data / "hold").touch()
    launcher = project.start()
    until(lambda: project.pids("prepare"), project.says)
    launcher.send_signal(signal.SIGINT)
    assert launcher.wait(PATIENCE) == 0
    assert project.nobody_is_left()
    assert project.pids("web") == []
    assert "Traceback" not in project.says()


def test_a_dead_worker_is_replaced(project: Project) -> None:
    project.running()
    os.kill(project.pids("site_worker")[0], signal.SIGKILL)
    until(lambda: len(project.pids("site_worker")) == 2, project.says)
    assert "The background worker ended (signal 9); starting it again" in project.says()
    assert len(project.pids("web")) == 2


def test_a_dead_web_server_ends_everything(project: Project) -> None:
    launcher = project.running()
    os.kill(project.pids("web")[0], signal.SIGKILL)
    assert launcher.wait(PATIENCE) == 1
    assert "The web server ended (signal 9)" in project.says()
    assert project.nobody_is_left()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_a_killed_launcher_leaves_no_service_behind(project: Project) -> None:
    launcher = project.running()
    launcher.kill()
    services = [project.pids("web")[0], project.pids("site_worker")[0]]
    until(lambda: not any(map(alive, services)))
    assert not any(map(alive, services))
    # The stub is no granian: its helper does not go with it.
    os.kill(project.pids("web")[1], signal.SIGKILL)


# The supervisor by itself -----------------------------------------------------------------------

SLEEPER: Command = [sys.executable, "-c", "import time; time.sleep(600)"]
DYING: Command = [sys.executable, "-c", "raise SystemExit(3)"]
STUBBORN: Command = [
    *(sys.executable, "-c"),
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)",
]
HASTY = Patience(first_answer=0.2, first_restart=0.01, grace=0.2)


def test_a_worker_that_keeps_dying_ends_everything(
    signals: Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(SLEEPER, DYING, signals, patience=HASTY)
    with pytest.raises(CannotGoOn, match="ended 5 times within 60 seconds"):
        supervisor.run(lambda: True, lambda: None)
    said = capsys.readouterr().out.splitlines()
    assert [line.rsplit(" in ")[1] for line in said] == ["0.01 s.", "0.02 s.", "0.04 s.", "0.08 s."]


def test_a_server_that_dies_before_its_first_answer_is_not_waited_for(signals: Signals) -> None:
    with pytest.raises(CannotGoOn, match=r"web server ended \(exit code 3\)"):
        Supervisor(DYING, SLEEPER, signals).run(lambda: False, lambda: None)


def test_a_server_that_never_answers_is_given_up(signals: Signals) -> None:
    with pytest.raises(CannotGoOn, match="no answer within"):
        Supervisor(SLEEPER, SLEEPER, signals, patience=HASTY).run(lambda: False, lambda: None)


def test_a_process_that_will_not_end_is_killed(signals: Signals, tmp_path: Path) -> None:
    with (tmp_path / "output").open("wb") as output:
        stubborn = processes.start(STUBBORN, output=output)
        until(lambda: (tmp_path / "output").stat().st_size)
        processes.stop([stubborn], signals, grace=0.05)
    assert stubborn.returncode == -signal.SIGKILL


def test_a_step_that_takes_too_long_is_ended(signals: Signals) -> None:
    assert processes.run(SLEEPER, signals, seconds=0.05) == 124


def test_a_stop_is_remembered_until_the_next_pause(signals: Signals) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    signals.wait(PATIENCE)
    with pytest.raises(Stopped):
        signals.pause(PATIENCE)


# Tests and checks -------------------------------------------------------------------------------


def logged(project: Project) -> list[str]:
    return (project.root / "module.log").read_text().splitlines()


def test_the_browser_tests_run_even_after_a_failure(project: Project) -> None:
    (project.root / "exit-code").write_text("1")
    launcher = project.start(*LAUNCHER, "test", CHROMIUM=sys.executable, DATABASE_URL="postgres://production")
    assert launcher.wait(PATIENCE) == 1
    main, browsers = logged(project)
    assert main.startswith(": -m pytest --ignore=tests/browser")
    assert main.endswith(f"--cov --cov-fail-under={checks.COVERAGE_FLOOR}")
    assert browsers == ": -m pytest tests/browser --numprocesses 2"


def test_a_selection_of_tests_has_no_floor_and_may_be_empty(project: Project) -> None:
    (project.root / "exit-code").write_text(str(checks.NOTHING_SELECTED))
    launcher = project.start(*LAUNCHER, "test", CHROMIUM=sys.executable, ARGS="-k 'queue or undo'")
    assert launcher.wait(PATIENCE) == 0
    assert [line.partition(" -k ")[2] for line in logged(project)] == ["queue or undo"] * 2
    assert not any("--cov" in line for line in logged(project))


def test_a_given_postgres_is_used(project: Project) -> None:
    url = "postgres://tests@127.0.0.1/tests"
    launcher = project.start(*LAUNCHER, "test-postgres", CHROMIUM=sys.executable, TEST_DATABASE_URL=url)
    assert launcher.wait(PATIENCE) == 0
    assert all(line.startswith(f"{url}: -m pytest") for line in logged(project))


def test_benchmarks_get_their_arguments(project: Project) -> None:
    launcher = project.start(*LAUNCHER, "bench", CHROMIUM=sys.executable, ARGS="--pages 3")
    assert launcher.wait(PATIENCE) == 0
    assert logged(project) == [": -m benchmarks --pages 3"]


def test_the_crowd_gets_its_number_on_the_site_of_make_run(project: Project) -> None:
    launcher = project.start(*LAUNCHER, "crowd", N="3000", ARGS="--seed 2")
    assert launcher.wait(PATIENCE) == 0
    assert logged(project) == [": -m benchmarks.crowd 3000 --seed 2"]
    assert (project.data / "prepare.pids").exists(), "an empty folder is set up first"


def test_all_checks_run_even_after_a_failure(project: Project) -> None:
    for name, code in (("ruff", 1), ("djade", 0)):
        program = project.root / ".venv" / "bin" / name
        program.write_text(f"#!/bin/sh\nexit {code}\n")
        program.chmod(0o755)
    assert project.start(*LAUNCHER, "check").wait(PATIENCE) == 1
    labels = [line for line in project.says().splitlines() if line[0] in "✓✗"]
    assert labels == ["✗ format", "✗ lint", "✓ types", "✓ templates", "✓ migrations", "✓ deployment"]


def test_checks_see_nothing_of_the_developers_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://production")
    monkeypatch.setenv("SECRET_KEY", "precious")
    with checks.surroundings() as env:
        assert not checks.SITE_SETTINGS & env.keys()
        scratch = Path(env["TMPDIR"])
        assert scratch.is_dir()
    assert not scratch.exists()


def test_a_check_shows_the_output_of_failures_only(
    signals: Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    speak: Command = [sys.executable, "-c", "print('details')"]
    fail: Command = [sys.executable, "-c", "raise SystemExit('details')"]
    assert checks._passes("good", speak, os.environ, signals)
    assert capsys.readouterr().out == "✓ good\n"
    assert not checks._passes("bad", fail, os.environ, signals)
    assert capsys.readouterr().out == "✗ bad\ndetails\n"


def without_playwright(project: Project) -> None:
    script = (project.root / ".venv" / "bin" / "python").read_text()
    lacking = 'echo "node: no libatomic"; exit 1'
    (project.root / ".venv" / "bin" / "python").write_text(script.replace("echo /bin/true", lacking))


def test_without_a_browser_people_are_told_in_one_line(project: Project) -> None:
    without_playwright(project)
    assert project.start(*LAUNCHER, "test", CI="").wait(PATIENCE) == 0
    assert len(logged(project)) == 1
    assert project.says().startswith(
        "Browser tests are left out: Playwright does not start (node: no libatomic)"
    )
    assert project.says().count("\n") == 1


def test_without_a_browser_ci_fails(project: Project) -> None:
    without_playwright(project)
    assert "must not be left out" in project.refusal(*LAUNCHER, "test", CI="true")
    assert "Pictures need a browser" in project.refusal(*LAUNCHER, "screenshots")


def test_a_named_browser_must_exist(project: Project) -> None:
    assert "not a program" in project.refusal(*LAUNCHER, "test", CHROMIUM="/nowhere/chromium")


@pytest.mark.parametrize("fetched", [True, False])
def test_playwrights_browser_is_the_last_resort(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, signals: Signals, fetched: bool
) -> None:
    chromium = tmp_path / "chromium"
    python = tmp_path / "python"
    fetch = f"/bin/cp /bin/true {chromium}" if fetched else "exit 1"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *"playwright install"*) {fetch} ;; *) echo {chromium} ;; esac\n'
    )
    python.chmod(0o755)
    monkeypatch.setattr(browser, "NAMES", ())
    monkeypatch.delenv("CHROMIUM", raising=False)
    if fetched:
        assert browser.find(python, signals) == str(chromium)
    else:
        with pytest.raises(browser.NoBrowser, match="could not be fetched"):
            browser.find(python, signals)


def test_missing_server_programs_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, signals: Signals
) -> None:
    monkeypatch.setattr(postgres, "_programs_of_debian", list)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotGoOn, match="apt install postgresql"), postgres.throw_away(signals):
        pass


@pytest.mark.skipif(
    not shutil.which("initdb") and not postgres._programs_of_debian(), reason="no PostgreSQL here"
)
def test_a_throw_away_postgres_takes_connections_and_leaves_nothing(signals: Signals) -> None:
    with postgres.throw_away(signals) as url:
        address = urlsplit(url)
        assert address.hostname
        assert address.port
        socket.create_connection((address.hostname, address.port), PATIENCE).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port), PATIENCE)


def test_without_nginx_people_are_told_in_one_line_and_ci_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda name, path: None)
    monkeypatch.setenv("CI", "")
    checks._say_if_without_nginx()
    assert capsys.readouterr().out.startswith("Tests of deploy/nginx are left out: no nginx.")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(CannotGoOn, match="must not be left out"):
        checks._say_if_without_nginx()
