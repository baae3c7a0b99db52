"""Random changes by the verbs that people cause, written down with what the pages show from then on.

The same seed makes the same choices. The one writer: what a page shows next is known before the verb is called.
"""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks.processes import Server
from benchmarks.stale.judge import GONE, WORD, History, Shown

HOME = "/"
MOST_SHOWN, MOST_WAITING = 30, 20  # comments of a post: one page of its discussion has room for all
PRIVATE_STATES = ("pending", "approved")


@dataclass
class Changes:
    site: Server
    posts: list[Any]
    seed: int = 6
    histories: dict[str, History] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)  # what its own writer did not see at once
    made: dict[str, int] = field(default_factory=dict)  # by kind

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._words = iter(range(1_000_000, 9_000_000))
        self._forms: dict[int, tuple[str, str]] = {}  # the same for every visitor, and for good
        for post in self.posts:
            self.histories[post.get_absolute_url()] = History([frozenset(WORD.findall(post.title))])
        self.histories[HOME] = History([self._home()])

    def make(self, count: int) -> None:
        kinds = [self.post, self.post, self.approve, self.approve, self.withdraw, self.undo, self.edit]
        kinds += [self.rename, self.publish]
        while sum(self.made.values()) < count:
            kind, post = self._chance.choice(kinds), self._chance.choice(self.posts)
            post.refresh_from_db()
            if kind(post):
                self.made[kind.__name__] = self.made.get(kind.__name__, 0) + 1

    # The kinds. Each says whether it changed anything.

    def post(self, post: Any) -> bool:
        """Over HTTP, as a stranger with a new browser, who then sees it in place; nobody else does."""
        if self._now(post) == GONE or len(self._comments(post, "pending")) >= MOST_WAITING:
            return False
        word = self._word()
        path, form = self._form(post)
        line = self.site.connect()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": f"10.{self._chance.randrange(256)}.{self._chance.randrange(256)}.7",
        }
        line.request("POST", path, form.replace("NUMBER", word), headers)
        answer = line.getresponse()
        answer.read()
        cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        line.request("GET", str(answer.headers["Location"]).partition("#")[0], headers={"Cookie": cookie})
        if word not in line.getresponse().read().decode():
            self.unseen.append(f"{word} at {post.get_absolute_url()}")
        line.close()
        return True

    def approve(self, post: Any) -> bool:
        from comments.states import State

        if len(self._comments(post, "approved")) >= MOST_SHOWN:
            return self.withdraw(post)
        return self._move(post, "pending", State.APPROVED)

    def undo(self, post: Any) -> bool:
        from comments.states import State

        return self._move(post, "approved", State.PENDING)

    def withdraw(self, post: Any) -> bool:
        from comments import moderation

        comment = self._one_of(self._comments(post, "approved"))
        if comment is None:
            return False
        self._change(post, self._without(post, comment), lambda: moderation.withdraw(comment))
        return True

    def edit(self, post: Any) -> bool:
        """New words wait again; the old ones go at once."""
        from comments import posting

        comment = self._one_of(self._comments(post, *PRIVATE_STATES).editable())
        if comment is None:
            return False
        visit = posting.Visit(network=f"edit {self._word()}", seconds=30.0)
        body = f"Said otherwise, {self._word()}, after some thought."
        self._change(
            post,
            self._without(post, comment),
            lambda: posting.edit_comment(comment, body=body, visit=visit),
        )
        return True

    def rename(self, post: Any) -> bool:
        from articles import publishing

        before, word = frozenset(WORD.findall(post.title)), self._word()
        post.title = f"Watched {word}"
        now = self._now(post)
        shown = GONE if now == GONE else now - before | {word}
        self._change(post, shown, lambda: publishing.save_article(post))
        return True

    def publish(self, post: Any) -> bool:
        from articles import publishing

        if self._now(post) != GONE:
            self._change(post, GONE, lambda: publishing.unpublish([post]))
            return True
        bodies = self._comments(post, "approved").values_list("body", flat=True)
        words = frozenset(WORD.findall(" ".join([post.title, *bodies])))
        self._change(post, words, lambda: publishing.publish([post]))
        return True

    def _move(self, post: Any, state: str, to: Any) -> bool:
        from comments import moderation

        comment = self._one_of(self._comments(post, state))
        if comment is None:
            return False
        its, now = frozenset(WORD.findall(comment.body)), self._now(post)
        shown = GONE if now == GONE else now | its if state == "pending" else now - its
        seen = moderation.Seen.of(comment)
        self._change(post, shown, lambda: moderation.move(comment, to, by=None, seen=seen))
        return True

    def _change(self, post: Any, shown: Shown, verb: Callable[[], object]) -> None:
        begun = time.monotonic_ns()
        verb()
        done = time.monotonic_ns()
        self.histories[post.get_absolute_url()].change(shown, begun, done)
        home = self._home()
        if home != self.histories[HOME].now:
            self.histories[HOME].change(home, begun, done)

    def _home(self) -> Shown:
        """The titles of what is published."""
        from articles.models import Article

        shown = Article.objects.visible().filter(pk__in=[post.pk for post in self.posts])
        return frozenset(WORD.findall(" ".join(shown.values_list("title", flat=True))))

    def _now(self, post: Any) -> Shown:
        return self.histories[post.get_absolute_url()].now

    def _without(self, post: Any, comment: Any) -> Shown:
        now = self._now(post)
        return GONE if now == GONE else now - frozenset(WORD.findall(comment.body))

    def _comments(self, post: Any, *states: str) -> Any:
        from comments.models import Comment

        return Comment.objects.filter(article=post, state__in=states).exclude(body="").order_by("pk")

    def _one_of(self, comments: Any) -> Any:
        found = list(comments)
        return self._chance.choice(found) if found else None

    def _word(self) -> str:
        return f"zq{next(self._words)}qz"

    def _form(self, post: Any) -> tuple[str, str]:
        if post.pk not in self._forms:
            self._forms[post.pk] = self._read_form(post)
        return self._forms[post.pk]

    def _read_form(self, post: Any) -> tuple[str, str]:
        signature = re.search(
            r'name="signature" value="([^"]+)"', self.site.get(post.get_absolute_url())[1].decode()
        )
        assert signature is not None
        typed = {"name": "Watched", "email": "", "body": "Waiting, NUMBER.", "do": "Send comment"}
        hidden = {"parent": "", "seconds": "30.0", "signature": signature[1], "website": ""}
        return f"{post.get_absolute_url()}comments/", urlencode(typed | hidden)
