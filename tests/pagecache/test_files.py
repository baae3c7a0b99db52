"""Pages that nginx hands out by itself: none lies there while, or after, what it shows has changed."""

import gzip
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from pytest_django import Settings

from articles.models import Article
from comments import moderation
from comments.moderation import Seen
from comments.states import State
from fibroblog import page_folder, pages
from fibroblog.models import Stamp
from fibroblog.pagecache import files
from fibroblog.pagecache.asked import Asked
from fibroblog.pagecache.files import PageFiles
from fibroblog.pagecache.held import Moving, held
from fibroblog.pagecache.layer import PageCache
from fibroblog.pagecache.store import Stored
from tests.factories import make_article, make_comment

pytestmark = pytest.mark.usefixtures("real_transactions")

PATH = "/articles/rest/"
KEY = Asked(PATH, "", "")
PATIENCE = 20.0  # seconds; met only when a test fails


@pytest.fixture
def folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "pages"
    settings.PAGE_FILES = str(folder)
    # The site of the tests has no https, and so not that header.
    monkeypatch.setattr(files, "said_by_nginx", lambda: frozenset(without_hsts()))
    return folder


def without_hsts() -> Iterator[tuple[str, str]]:
    said = files.ADD_HEADER.findall(files.PAGE_HEADERS.read_text())
    for name, value in [*said, ("Content-Type", "text/html; charset=utf-8")]:
        if name.lower() not in files.OF_A_FILE | {"strict-transport-security"}:
            yield files.comparable((name, value))


@pytest.fixture
def site(folder: Path) -> PageCache:
    return PageCache(WSGIHandler(), files=PageFiles.here())


@pytest.fixture
def post() -> Article:
    article = make_article(slug="rest", title="Does rest help?")
    pages.changed(discussion=article.pk, counts=True)
    return article


def ask(site: PageCache, key: Asked = KEY) -> Stored | None:
    """As a request would: the page is made or found, and put where nginx finds it."""
    page = site._page(key)
    if page is not None and site._files is not None:
        site._files.keep(key, page)
    return page


def lying(folder: Path) -> list[str]:
    """Addresses of the pages that nginx would find, with their variant."""
    now = folder / "live" / str(page_folder.slice_now())
    return sorted(str(path.parent.relative_to(now)) for path in now.rglob("page.html.gz"))


def elsewhere(act: Callable[[], Any]) -> threading.Thread:
    """In a thread with a database connection of its own."""

    def run() -> None:
        with closing(connection):
            act()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_page_lies_where_nginx_looks_for_it(site: PageCache, post: Article, folder: Path) -> None:
    page = ask(site)
    place = folder / "live" / str(page_folder.slice_now()) / "-" / "articles" / "rest" / "page.html.gz"
    assert page is not None
    assert place.read_bytes() == page.packed
    assert "Does rest help?" in gzip.decompress(place.read_bytes()).decode()
    assert place.stat().st_mode & 0o777 == 0o644
    assert {path.stat().st_mode & 0o777 for path in place.parents if folder in path.parents} == {0o755}
    ask(site, Asked("/", "", "dark.large.wide.dim"))
    assert lying(folder) == ["-/articles/rest", "dark.large.wide.dim"]
    assert [path.name for path in place.parent.iterdir()] == ["page.html.gz"], "no draft is left"


def test_without_the_setting_nothing_is_written_or_taken_away(tmp_path: Path, post: Article) -> None:
    assert PageFiles.here() is None
    page_folder.tidy()
    pages.changed(site=True)


def test_a_decision_takes_the_page_away_and_the_next_reader_brings_the_new_one(
    site: PageCache, post: Article, folder: Path, moderator: User
) -> None:
    comment = make_comment(post, state=State.PENDING, body="I had a good day.")
    ask(site)
    moderation.move(comment, State.APPROVED, by=moderator, seen=Seen.of(comment))
    assert lying(folder) == []
    ask(site)
    (place,) = (folder / "live").rglob("page.html.gz")
    assert "I had a good day." in gzip.decompress(place.read_bytes()).decode()


def test_an_old_page_does_not_come_back_after_a_change(site: PageCache, post: Article, folder: Path) -> None:
    old = site._page(KEY)
    pages.changed(article=post.pk)
    assert site._files is not None
    assert old is not None
    site._files.keep(KEY, old)
    assert lying(folder) == []


def test_while_a_change_is_on_its_way_no_page_gets_there(
    site: PageCache, post: Article, folder: Path
) -> None:
    ask(site)
    moved, go_on = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            pages.changed(article=post.pk)
            moved.set()
            assert go_on.wait(PATIENCE)

    changer = elsewhere(change)
    assert moved.wait(PATIENCE)
    assert lying(folder) == [], "taken away before the change is committed"
    assert ask(site) is not None, "readers are answered meanwhile, with what is still true"
    assert lying(folder) == []
    go_on.set()
    changer.join(PATIENCE)
    ask(site)
    assert lying(folder) == ["-/articles/rest"]


def test_a_change_waits_for_the_page_that_is_getting_there_and_then_takes_it_away(
    site: PageCache, post: Article, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = threading.Event()
    changers = []

    def change() -> None:
        pages.changed(article=post.pk)
        changed.set()

    rename = Path.rename

    def slowly(draft: Path, place: Any) -> Path:
        if str(place).endswith("page.html.gz"):
            changers.append(elsewhere(change))
            assert not changed.wait(0.3), "it cannot be committed before the page lies there"
        return rename(draft, place)

    monkeypatch.setattr(Path, "rename", slowly)
    ask(site)
    changers[0].join(PATIENCE)
    assert changed.is_set()
    assert lying(folder) == []


def test_a_folder_taken_away_under_a_writer_takes_the_draft_with_it(
    site: PageCache, post: Article, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = files._write

    def then_taken_away(draft: Path, page: Stored) -> None:
        write(draft, page)
        page_folder.take_away()

    monkeypatch.setattr(files, "_write", then_taken_away)
    ask(site)
    assert lying(folder) == []
    monkeypatch.setattr(files, "_write", write)
    ask(site)
    assert lying(folder) == ["-/articles/rest"]


def test_what_was_rolled_back_leaves_the_page_as_it_was(site: PageCache, post: Article, folder: Path) -> None:
    def give_up() -> None:
        with transaction.atomic():
            pages.changed(article=post.pk)
            raise ZeroDivisionError

    before = ask(site)
    with pytest.raises(ZeroDivisionError):
        give_up()
    assert lying(folder) == []
    assert ask(site) is before
    assert lying(folder) == ["-/articles/rest"]


def test_a_savepoint_rolled_back_inside_a_change_that_goes_on(
    site: PageCache, post: Article, folder: Path
) -> None:
    def give_up() -> None:
        with transaction.atomic():
            pages.changed(article=post.pk)
            raise ZeroDivisionError

    ask(site)
    done, go_on = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            pages.changed(site=True)
            with pytest.raises(ZeroDivisionError):
                give_up()
            done.set()
            assert go_on.wait(PATIENCE)

    changer = elsewhere(change)
    assert done.wait(PATIENCE)
    ask(site)
    assert lying(folder) == [], "the outer change still holds its own stamp"
    go_on.set()
    changer.join(PATIENCE)
    ask(site)
    assert lying(folder) == ["-/articles/rest"]


def test_a_change_whose_folder_cannot_be_taken_away_is_refused(
    site: PageCache, post: Article, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: Any) -> None:
        raise PermissionError(13, "Permission denied")

    ask(site)
    version = pages.version_of(pages.SITE)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(PermissionError):
        pages.changed(site=True)
    assert pages.version_of(pages.SITE) == version


CHANGE_AND_HANG = """
import sys, django
django.setup()
from django.db import transaction
from fibroblog import pages
with transaction.atomic():
    pages.changed(site=True)
    print("moved", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_process(folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process of the site, in the middle of a change."""
    where = connection.settings_dict
    url = f"sqlite:///{where['NAME']}"
    if connection.vendor != "sqlite":
        login = f"{where['USER']}:{where['PASSWORD']}@" if where["USER"] else ""
        url = f"postgres://{login}{where['HOST']}:{where['PORT'] or 5432}/{where['NAME']}"
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "fibroblog.settings",
        "DATA_DIR": str(tmp_path / "other"),
        "DATABASE_URL": url,
        "PAGE_FILES": str(folder),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", CHANGE_AND_HANG],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with process:
        yield process
        process.kill()


@pytest.mark.real_time
def test_a_process_killed_in_the_middle_of_a_change_leaves_nothing_behind(
    site: PageCache, post: Article, folder: Path, other_process: subprocess.Popen[str]
) -> None:
    before = site._page(KEY)
    assert other_process.stdout is not None
    assert select.select([other_process.stdout], [], [], PATIENCE)[0]
    assert other_process.stdout.readline() == "moved\n"
    ask(site)
    assert lying(folder) == [], "the other process holds the stamp"
    other_process.send_signal(signal.SIGKILL)
    other_process.wait(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while not lying(folder) and time.monotonic() < deadline:  # the server notices when it notices
        assert ask(site) is before, "the change was never committed"
    assert lying(folder) == ["-/articles/rest"]


def test_held_stamps_are_the_right_ones_or_none(post: Article) -> None:
    names = (pages.SITE, f"article:{post.pk}")
    now = tuple(pages.version_of(name) for name in names)
    with held(names, now):
        pass
    for versions in ((now[0], now[1] + 1), (now[0], 0), (0, now[1])):
        with pytest.raises(Moving), held(names, versions):
            pytest.fail("held what does not stand so")
    assert not connection.in_atomic_block
    assert tuple(pages.version_of(name) for name in names) == now


def test_a_stamp_that_never_moved_can_be_held_too(site: PageCache, post: Article, folder: Path) -> None:
    name = pages.of_discussion(post.pk)
    Stamp.objects.filter(name=name).delete()
    ask(site)
    ask(site)  # the first may only have written the stamp down
    assert lying(folder) == ["-/articles/rest"]
    assert pages.version_of(name) == 0
    pages.changed(discussion=post.pk)
    assert pages.version_of(name) == 1
    assert lying(folder) == []
    ask(site)
    assert lying(folder) == ["-/articles/rest"]


def test_a_change_made_unseen_is_noticed_within_a_minute(
    site: PageCache, post: Article, folder: Path, settings: Settings
) -> None:
    ask(site)
    page_folder.tidy()
    assert lying(folder) == ["-/articles/rest"]
    settings.PAGE_FILES = ""
    pages.changed(article=post.pk)  # by a process that nobody told of the folder
    settings.PAGE_FILES = str(folder)
    page_folder.tidy()
    assert lying(folder) == []


def test_of_two_who_move_a_stamp_for_the_first_time_both_are_seen(post: Article) -> None:
    name = pages.of_discussion(post.pk)
    Stamp.objects.filter(name=name).delete()
    moved, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            pages.changed(discussion=post.pk)
            moved.set()
            assert go_on.wait(PATIENCE)

    first = elsewhere(slowly)
    assert moved.wait(PATIENCE)
    second = elsewhere(lambda: pages.changed(discussion=post.pk))
    second.join(0.5)
    assert second.is_alive(), "it waits for the first"
    go_on.set()
    first.join(PATIENCE)
    second.join(PATIENCE)
    assert pages.version_of(name) == 2
