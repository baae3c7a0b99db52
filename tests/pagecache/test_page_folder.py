"""The folder of pages that nginx hands out by itself: what gets in, under which name, and when it goes."""

import random
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from fibroblog import limits, page_folder, pages, rounds
from fibroblog.pagecache import files
from fibroblog.pagecache.asked import Asked
from fibroblog.pagecache.files import PageFiles
from fibroblog.pagecache.store import Headers, Stored, stored

PATH = "/articles/rest/"
KEY = Asked(PATH, "", "")


@pytest.fixture
def folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No stamp moves here; what happens when one does is for test_files."""
    folder = tmp_path / "pages"
    settings.PAGE_FILES = str(folder)
    monkeypatch.setattr(files, "held", lambda names, versions: nullcontext())
    monkeypatch.setattr(pages, "total", lambda: 7)
    return folder


@pytest.fixture
def put(folder: Path) -> Callable[..., None]:
    kept = PageFiles.here()
    assert kept is not None
    return kept.keep


def page(*, body: str = "<p>Rest.", lasts: float = 3_600, headers: Headers | None = None) -> Stored:
    said = [*files.said_by_nginx()] if headers is None else headers
    return stored(said, body.encode(), ("site",), (1,), time.time() + lasts)


def lying(folder: Path) -> list[str]:
    now = folder / "live" / str(page_folder.slice_now())
    return sorted(str(path.parent.relative_to(now)) for path in now.rglob("page.html.gz"))


@pytest.mark.parametrize(
    "key",
    [
        Asked(PATH, "page=2", ""),
        Asked("/robots.txt", "", ""),
        Asked("/../secret/", "", ""),
        Asked("/articles/./rest/", "", ""),
        Asked("//", "", ""),
        Asked("/articles/rest", "", ""),
        Asked("/articles/r\u00e9st/", "", ""),
        Asked("/articles/rest/\n", "", ""),
        Asked("/articles/re\0st/", "", ""),
        Asked(f"/articles/{'a' * 101}/", "", ""),
        Asked("/a" * 9 + "/", "", ""),
        Asked("", "", ""),
    ],
)
def test_what_is_no_plain_address_gets_no_file(put: Callable[..., None], folder: Path, key: Asked) -> None:
    put(key, page())
    assert list(folder.iterdir()) == []
    put(KEY, page())
    assert lying(folder) == ["-/articles/rest"]


def test_a_slice_of_the_clock_holds_only_what_is_good_to_its_end(
    put: Callable[..., None], folder: Path, clock: time_machine.Traveller
) -> None:
    end = (page_folder.slice_now() + 1) * page_folder.SLICE
    clock.move_to(end - 400)
    put(KEY, page(lasts=399))
    assert lying(folder) == [], "it looks different one second before the end"
    put(KEY, page(lasts=402))
    assert lying(folder) == ["-/articles/rest"]
    clock.move_to(end)
    assert lying(folder) == [], "nginx looks elsewhere from here on"


def test_the_worker_deletes_what_is_over(
    put: Callable[..., None], folder: Path, clock: time_machine.Traveller
) -> None:
    put(KEY, page())
    page_folder.take_away()
    put(KEY, page())
    clock.shift(1_000)
    put(KEY, page())
    assert len(list(folder.rglob("page.html.gz"))) == 3
    page_folder.tidy()
    assert [path.name for path in folder.iterdir()] == ["live"]
    assert len(list(folder.rglob("page.html.gz"))) == 1
    assert lying(folder) == ["-/articles/rest"]
    assert page_folder.tidy in rounds.EVERY_MINUTE


def test_without_a_worker_a_writer_deletes_what_should_be_long_gone(
    put: Callable[..., None], folder: Path, clock: time_machine.Traveller
) -> None:
    for _ in range(4):
        clock.shift(1_000)
        put(KEY, page())
        page_folder.take_away()
        put(KEY, page())
    gone = sorted(int(path.name.split("-")[1]) for path in folder.glob("gone-*"))
    now = page_folder.slice_now()
    assert gone == [now - 1, now], "only what a worker may still be about to delete"


def test_a_start_takes_away_what_lay_there(put: Callable[..., None], folder: Path) -> None:
    put(KEY, page())
    assert PageFiles.here() is not None
    assert lying(folder) == []


def test_a_process_of_the_release_before_writes_nothing_more(
    put: Callable[..., None], folder: Path, settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").touch()
    put(KEY, page())
    assert lying(folder) == []
    new = PageFiles.here()
    assert new is not None
    new.keep(KEY, page())
    assert lying(folder) == ["-/articles/rest"]


def test_a_page_with_headers_that_nginx_does_not_say_gets_no_file(
    put: Callable[..., None], folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    usual = dict(files.said_by_nginx())
    put(KEY, page(headers=list((usual | {"x-frame-options": "SAMEORIGIN"}).items())))
    put(KEY, page(headers=list((usual | {"x-frame-options": "SAMEORIGIN"}).items())))
    put(KEY, page(headers=[*usual.items(), ("Link", "</more>")]))
    assert lying(folder) == []
    assert [message.rpartition("have our ")[2] for message in caplog.messages] == [
        "x-frame-options.",
        "link.",
    ]
    policy = "; ".join(reversed(usual.pop("content-security-policy").split("; ")))
    put(KEY, page(headers=[*usual.items(), ("Content-Security-Policy", policy)]))
    assert lying(folder) == ["-/articles/rest"], "the directives of a policy come in any order"


def test_a_disk_that_is_full_is_no_trouble_for_readers(
    put: Callable[..., None], folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(draft: Path, page: Stored) -> None:
        draft.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_write", full)
    put(KEY, page())
    put(KEY, page())
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["known"]
    assert caplog.messages == ["Pages for nginx cannot be written: No space left on device."]


def test_a_process_writes_no_more_than_it_may(
    put: Callable[..., None], folder: Path, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    monkeypatch.setattr(limits, "PAGE_FILES_MEGABYTES", 1)
    half = page(body=random.Random(1).randbytes(600_000).hex())  # more than half of it, packed
    put(Asked("/", "", ""), half)
    put(KEY, half)
    assert lying(folder) == ["-"]
    clock.shift(1_000)
    put(KEY, half)
    assert lying(folder) == ["-/articles/rest"], "in the next slice there is room again"


def test_times_tell_pages_of_one_size_apart(put: Callable[..., None], folder: Path) -> None:
    """nginx's ETag is made of size and time."""
    times = set()
    for letter in "abcd":
        put(Asked(f"/{letter}/", "", ""), page(body=letter))
        (place,) = (folder / "live").rglob(f"{letter}/page.html.gz")
        times.add(int(place.stat().st_mtime))
    assert len(times) == 4
    assert all(0 <= moment < 2**31 for moment in times)
