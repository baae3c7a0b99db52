"""What browser tests share: one site, one browser, contexts for people. The test database is never touched here."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from .people import People
from .server import Site, running

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LEFT_OUT = "no Chromium was found, so the browser tests are left out (on Debian: apt install chromium)"


def chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Ours run in real time; without a browser one of them says so and the others are not selected."""
    ours = [item for item in items if item.path.is_relative_to(HERE)]
    for item in ours:
        item.add_marker(pytest.mark.real_time)
    if ours and chromium() is None:
        config.hook.pytest_deselected(items=ours[1:])
        items[:] = [item for item in items if item not in ours[1:]]


# Sessions of the package, not of the run: Playwright's event loop must be gone before other tests use the ORM.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = chromium()
    if found is None and os.environ.get("CI", "").lower() in {"true", "1"}:
        pytest.fail("No Chromium was found, and with CI=true the browser tests must not be left out.")
    if found is None:
        pytest.skip(LEFT_OUT)
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="package")
def parked() -> dict[str, StorageState]:
    """Who is signed in already."""
    return {}


@pytest.fixture
def people(browser: Browser, site: Site, parked: dict[str, StorageState]) -> Iterator[People]:
    people = People(browser, site, parked)
    yield people
    people.go()
    assert people.watch.broken == [], "something broke on the way"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)
