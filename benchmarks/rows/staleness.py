"""Looks for one stale or private byte: random changes of all kinds, while readers fetch the same pages at once.

Each comment holds a word of its own. What a page shows must be what was true at some moment between the reader's
question and the answer; waiting, declined and withdrawn words never show.
"""

import http.client
import random
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

READERS = 8
ARTICLES = 4
WORD = re.compile(r"zq\d+qz")
GONE = frozenset({"gone"})  # what an unpublished post shows

Shown = frozenset[str]


@dataclass
class Watched:
    """One post: everything that readers could see of it so far, the last one perhaps not committed yet."""

    path: str
    shown: list[Shown]
    committed: int = 0

    def change(self, shown: Shown, verb: Any) -> None:
        self.shown.append(shown)
        verb()
        self.committed = len(self.shown) - 1


@dataclass
class Tally:
    answers: int = 0
    stale: list[str] = field(default_factory=list)


def measure(changes: int = 5_000) -> None:
    from articles.models import Article
    from benchmarks import load
    from tests.factories import make_article

    posts = [
        make_article(title=f"Watched zq{number}qz", slug=f"watched-{number}") for number in range(ARTICLES)
    ]
    with load.running(posts[0].get_absolute_url()) as server:
        watched = [Watched(post.get_absolute_url(), [frozenset(WORD.findall(post.title))]) for post in posts]
        over, tally = threading.Event(), Tally()
        readers = [
            threading.Thread(target=read, args=(server, watched, over, tally, number))
            for number in range(READERS)
        ]
        for reader in readers:
            reader.start()
        start = time.perf_counter()
        try:
            for step, pair in enumerate(_turns(changes, list(zip(posts, watched, strict=True)))):
                change(step, *pair)
        finally:
            over.set()
            for reader in readers:
                reader.join()
    lasted = time.perf_counter() - start
    print(
        f"\nStaleness: {changes} changes and {tally.answers} answers to {READERS} readers in {lasted:.0f} s "
        f"({Article.objects.visible().count()} posts): {len(tally.stale)} stale or private"
    )
    if tally.stale or tally.answers < changes:
        sys.exit("\n".join(tally.stale[:5]) or "The readers read too little to show anything.")


def _turns(changes: int, pairs: list[Any]) -> Any:
    chance = random.Random(6)
    return (chance.choice(pairs) for _ in range(changes))


def change(step: int, post: Any, watched: Watched) -> None:
    """One random change, by the verb that people would cause."""
    from articles import publishing
    from comments import moderation, posting
    from comments.models import Comment
    from comments.moderation import Seen
    from comments.posting import Visit
    from comments.states import State

    chance, now = random.Random(step), watched.shown[-1]
    post.refresh_from_db()
    kind = chance.choice(("post", "post", "approve", "approve", "withdraw", "undo", "rename", "publish"))
    mine = Comment.objects.filter(article=post).exclude(body="")
    if kind == "post":
        word = f"zq{step + 1_000_000}qz"
        visit = Visit(network=f"n{step}", seconds=30.0)
        posting.post_comment(article=post, visit=visit, name="Watched", body=f"Waiting, {word}.")
        return
    if kind == "rename":
        word = f"zq{step + 5_000_000}qz"
        kept = frozenset(one for one in now if one not in WORD.findall(post.title))
        post.title = f"Watched {word}"
        watched.change(GONE if now == GONE else kept | {word}, lambda: publishing.save_article(post))
        return
    if kind == "publish":
        if now == GONE:
            words = WORD.findall(post.title) + WORD.findall(
                " ".join(mine.visible().values_list("body", flat=True))
            )
            watched.change(frozenset(words), lambda: publishing.publish([post]))
        elif chance.random() < 0.3:
            watched.change(GONE, lambda: publishing.unpublish([post]))
        return
    state = State.PENDING if kind == "approve" else State.APPROVED
    some = list(mine.filter(state=state).order_by("pk")[:20])
    if not some:
        return
    comment = chance.choice(some)
    its = frozenset(WORD.findall(comment.body))
    seen = Seen.of(comment)
    if kind == "approve":
        shown = now if now == GONE else now | its
        watched.change(shown, lambda: moderation.move(comment, State.APPROVED, by=None, seen=seen))
    elif kind == "withdraw":
        watched.change(now - its, lambda: moderation.withdraw(comment))
    else:
        watched.change(now - its, lambda: moderation.move(comment, State.PENDING, by=None, seen=seen))


def words_of(page: str) -> list[str]:
    """Of the title and the discussion; the titles of other posts stand between them, as links."""
    title = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    return WORD.findall((title[1] if title else "") + page.partition('id="comments"')[2])


def read(server: Any, posts: list[Watched], over: threading.Event, tally: Tally, number: int) -> None:
    line: http.client.HTTPConnection = server.connect()
    chance = random.Random(number)
    while not over.is_set():
        post = chance.choice(posts)
        first = post.committed
        line.request("GET", post.path)
        answer = line.getresponse()
        text = answer.read().decode()
        last = len(post.shown)
        found = frozenset(words_of(text)) if answer.status == 200 else GONE
        possible = post.shown[first:last]
        tally.answers += 1
        if found not in possible:
            tally.stale.append(f"{post.path} {answer.status}: {sorted(found ^ possible[-1])}")
    line.close()
