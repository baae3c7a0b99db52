"""One reader, in a process of its own: ``python -m benchmarks.stale.reader PORT SEED FILE PAGE...``.

Reads the pages at random until it is ended, and notes what it saw: a line for each answer, and once the words that go
with the short name of what was seen. Every few requests it connects anew, so that it meets all processes of the server.
"""

import gzip
import http.client
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TextIO

from benchmarks.stale.judge import Answer, Shown, words_of

TO_A_CONNECTION = 25  # requests
# All of them show the same words.
COOKIES = ("", "reading=dark.large.normal.normal")
PAUSE = 0.04  # seconds between two requests, on the average: the changes need the processors, too


class Reader:
    def __init__(self, port: int, seed: int, pages: list[str]) -> None:
        self._port, self._pages = port, pages
        self._chance = random.Random(seed)
        self._tags: dict[tuple[str, str], tuple[str, Shown]] = {}  # as a browser keeps what it read
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def read(self) -> Answer:
        if self._chance.random() < 1 / TO_A_CONNECTION:
            self._line.close()  # the next request connects anew
        page, cookie = self._chance.choice(self._pages), self._chance.choice(COOKIES)
        headers = {"Accept-Encoding": "gzip"} | ({"Cookie": cookie} if cookie else {})
        kept = self._tags.get((page, cookie)) if self._chance.random() < 0.3 else None
        if kept:
            headers["If-None-Match"] = kept[0]
        asked = time.monotonic_ns()
        self._line.request("GET", page, headers=headers)
        answer = self._line.getresponse()
        body = answer.read()
        answered = time.monotonic_ns()
        if answer.status == 304 and kept:
            return Answer(page, asked, answered, kept[1])
        if answer.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        shown = words_of(answer.status, body.decode(), whole=page == "/")
        if answer.headers["ETag"]:
            self._tags[page, cookie] = (answer.headers["ETag"], shown)
        return Answer(page, asked, answered, shown)


def main(port: int, seed: int, file: Path, pages: list[str]) -> None:
    over = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal over
        over = True

    signal.signal(signal.SIGTERM, end)
    reader, names, chance = Reader(port, seed, pages), dict[Shown, int](), random.Random(seed)
    with file.open("w") as output:
        while not over:
            note(output, names, reader.read())
            time.sleep(chance.random() * 2 * PAUSE)


def note(output: TextIO, names: dict[Shown, int], answer: Answer) -> None:
    if answer.shown not in names:
        names[answer.shown] = len(names)
        output.write(f"= {' '.join(['', *sorted(answer.shown)]).strip()}\n")
    output.write(f"{answer.page} {answer.asked} {answer.answered} {names[answer.shown]}\n")


def noted(file: Path) -> Iterator[Answer]:
    """What a reader wrote down."""
    seen: list[Shown] = []
    with file.open() as lines:
        for line in lines:
            if line.startswith("="):
                seen.append(frozenset(line[1:].split()))
            else:
                page, asked, answered, name = line.split()
                yield Answer(page, int(asked), int(answered), seen[int(name)])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
