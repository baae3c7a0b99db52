"""``make test``, ``check``, ``test-postgres``, ``bench``, ``screenshots``, ``crowd``: which programs, in which setting.

The programs' own settings live in pyproject.toml, not here.
"""

import os
import secrets
import shlex
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from fibroblog.launcher import browser, environment, npm, postgres, processes, serving
from fibroblog.launcher.processes import ROOT, CannotGoOn, Command, Signals

COVERAGE_FLOOR = 90
TEST_PROCESSES = 2
BROWSER_TESTS = "tests/browser"
# How a page looks does not depend on the database: to look at every page twice would take CI over its time.
WITHOUT_LOOKS = ("-m", "not look")
# pytest's exit code for "no test was selected".
NOTHING_SELECTED = 5

# What would aim a test at somebody's real site, or make it pass on one machine only.
SITE_SETTINGS = {
    *("ALLOW_HTTP", "CACHE_URL", "DATABASE_URL", "DATA_DIR", "DEBUG", "DEMO", "DEMO_PASSWORD"),
    *("EMAIL_URL", "EXTRA_HOSTS", "HOST", "PAGE_FILES", "PORT", "SECRET_KEY", "SECRET_KEY_FALLBACKS"),
    *("SITE_NAME", "SITE_URL"),
}


def test(signals: Signals) -> int:
    python = environment.ensure(environment.DEVELOPMENT, signals)
    with surroundings() as env:
        return _suite(python, env, signals, floor=COVERAGE_FLOOR)


def test_postgres(signals: Signals) -> int:
    python = environment.ensure(environment.DEVELOPMENT, signals)
    with surroundings() as env:
        if given := os.environ.get("TEST_DATABASE_URL"):
            return _suite(python, env | {"DATABASE_URL": given}, signals, in_browser=WITHOUT_LOOKS)
        with postgres.throw_away(signals) as url:
            return _suite(python, env | {"DATABASE_URL": url}, signals, in_browser=WITHOUT_LOOKS)


def bench(signals: Signals) -> int:
    python = environment.ensure(environment.DEVELOPMENT, signals)
    return _module(python, "benchmarks", os.environ | _for_pages(python, signals), signals)


def _for_pages(python: Path, signals: Signals) -> dict[str, str]:
    """What pages are measured with, as far as it is here; the benchmark says what it leaves out."""
    found = {}
    with suppress(browser.NoBrowser):
        found["CHROMIUM"] = browser.find(python, signals)
    with suppress(npm.NotToBeHad):
        found["LIGHTHOUSE"] = npm.find_lighthouse(signals)
    return found


def screenshots(signals: Signals) -> int:
    python = environment.ensure(environment.DEVELOPMENT, signals)
    try:
        chromium = browser.find(python, signals)
    except browser.NoBrowser as reason:
        raise CannotGoOn(f"Pictures need a browser: {reason}") from None
    return _module(python, "tests.browser.screenshots", os.environ | {"CHROMIUM": chromium}, signals)


def crowd(signals: Signals) -> int:
    """On the site of `make run`, which may be running."""
    options = serving.Options.read(os.environ)
    serving.open_data_dir(options.data_dir)
    python = environment.ensure(environment.RUNTIME, signals)
    env = options.passed_on(os.environ)
    serving.prepare(python, options, env, signals)
    count = [os.environ["N"]] if os.environ.get("N") else []
    return _module(python, "benchmarks.crowd", env, signals, *count)


def check(signals: Signals) -> int:
    python = environment.ensure(environment.DEVELOPMENT, signals)
    deployment = {"SITE_URL": "https://example.org", "SECRET_KEY": secrets.token_urlsafe(64)}
    with surroundings() as env:
        # A list, not a generator: all of them run, also after the first failure.
        env |= deployment | {"DATA_DIR": env["TMPDIR"]}
        passed = [_passes(label, command, env, signals) for label, command in _checks(python).items()]
    return 0 if all(passed) else 1


@contextmanager
def surroundings() -> Iterator[dict[str, str]]:
    """The environment for a check: nothing of the developer's site, and a scratch folder that goes with it.

    No DATA_DIR: tests run side by side, and each process makes its own in the scratch folder.
    """
    with tempfile.TemporaryDirectory(prefix="fibroblog-") as scratch:
        kept = {name: value for name, value in os.environ.items() if name not in SITE_SETTINGS}
        yield kept | {"TMPDIR": scratch}


def _suite(
    python: Path,
    env: dict[str, str],
    signals: Signals,
    *,
    floor: int | None = None,
    in_browser: Sequence[str] = (),
) -> int:
    """Run everything but the browser tests, then these; both even if the first fails."""
    chromium = _browser(python, signals)
    _say_if_without_nginx()
    arguments = shlex.split(os.environ.get("ARGS", ""))
    side_by_side = ("--numprocesses", str(TEST_PROCESSES))
    main = [f"--ignore={BROWSER_TESTS}", *side_by_side]
    # A selection of tests cannot reach a floor that is meant for all of them.
    if floor and not arguments:
        main += ["--cov", f"--cov-fail-under={floor}"]
    passed = [_pytest(python, [*main, *arguments], env, signals)]
    if chromium and (ROOT / BROWSER_TESTS).is_dir():
        env |= {"CHROMIUM": chromium} | ({} if in_browser else _checker(signals))
        passed.append(_pytest(python, [BROWSER_TESTS, *side_by_side, *in_browser, *arguments], env, signals))
    return 0 if all(passed) else 1


def _browser(python: Path, signals: Signals) -> str | None:
    try:
        return browser.find(python, signals)
    except browser.NoBrowser as reason:
        if _in_ci():
            raise CannotGoOn(f"With CI=true the browser tests must not be left out, but {reason}") from None
        print(f"Browser tests are left out: {reason} On Debian: apt install chromium libatomic1", flush=True)
        return None


def _checker(signals: Signals) -> dict[str, str]:
    """The HTML checker for the test that asks it."""
    try:
        return {"VNU_JAR": npm.find_checker(signals)}
    except npm.NotToBeHad as reason:
        if _in_ci():
            raise CannotGoOn(f"With CI=true the HTML checker must not be left out, but {reason}") from None
        print(f"The test of valid HTML is left out: {reason}", flush=True)
        return {}


def _say_if_without_nginx() -> None:
    if shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        return
    if _in_ci():
        raise CannotGoOn(
            "With CI=true the tests of deploy/nginx must not be left out, but there is no nginx."
        )
    print("Tests of deploy/nginx are left out: no nginx. On Debian: apt install nginx-light", flush=True)


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"true", "1"}


def _pytest(python: Path, arguments: Sequence[str], env: Mapping[str, str], signals: Signals) -> bool:
    # Asked with SIGINT, pytest still says what it has found so far.
    code = processes.run([python, "-m", "pytest", *arguments], signals, env=env, ask_with=signal.SIGINT)
    return code == 0 or (code == NOTHING_SELECTED and bool(os.environ.get("ARGS")))


def _checks(python: Path) -> dict[str, Command]:
    programs = python.parent
    manage: Command = [python, "manage.py"]
    templates = sorted((ROOT / "templates").rglob("*.html"))
    return {
        "format": [programs / "ruff", "format", "--check", "."],
        "lint": [programs / "ruff", "check", "."],
        "types": [python, "-m", "mypy", "."],
        "templates": [programs / "djade", "--check", "--target-version", "5.2", *templates],
        "migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "deployment": [*manage, "check", "--deploy", "--fail-level", "WARNING"],
    }


def _passes(label: str, command: Command, env: Mapping[str, str], signals: Signals) -> bool:
    with tempfile.TemporaryFile() as output:
        code = processes.run(command, signals, env=env, output=output)
        output.seek(0)
        text = output.read().decode(errors="replace").strip()
    print(f"{'✗' if code else '✓'} {label}", flush=True)
    if code and text:
        print(text, flush=True)
    return code == 0


def _module(python: Path, name: str, env: Mapping[str, str], signals: Signals, *first: str) -> int:
    arguments = [*first, *shlex.split(os.environ.get("ARGS", ""))]
    return processes.run([python, "-m", name, *arguments], signals, env=env, ask_with=signal.SIGINT)
