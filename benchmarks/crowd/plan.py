"""What stands where in the crowd: worked out from numbers and the seed alone, without a database.

The crowd is one endless row of comments, and ``N`` says how many of its first are there: a larger crowd begins with the
smaller one. Talks begin and end within a wave, so that a wave needs to know nothing of those before it.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from benchmarks.crowd.texts import length, somewhere

MOST = 10_000_000  # comments
DEEPEST = 9
LARGEST = 100_000  # comments on the first post: it gets every other one until it has so many
LONGEST_TALK = 300
POSTS_AT_FIRST = 3
CONFIRMED = 0.3  # of the comments: by people whose address is confirmed
ANSWERS_THE_LAST = 0.45  # of the replies; the others answer anybody in the talk
# The blog grows: a thousand comments take it through its first nine months, a million to a month ago.
LASTED = timedelta(days=8 * 365)
GROWTH = 10_000


class Mix(NamedTuple):
    """Shares of what is not simply visible."""

    pending: float = 0.02
    spam: float = 0.03
    declined: float = 0.01
    withdrawn: float = 0.004
    reported: float = 0.002  # these are visible, too


ORDINARY = Mix()


class Line(NamedTuple):
    """One comment of the plan. Whole numbers stand for other comments, posts, people and guests."""

    number: int
    post: int
    parent: int | None
    root: int | None
    depth: int
    kind: str  # a field of Mix, or "approved"
    person: int | None
    guest: int
    start: int  # of its words on the tape
    length: int  # in words
    chance: float  # for whatever else differs; from 0 to 1

    @property
    def takes_replies(self) -> bool:
        return self.kind in {"approved", "reported", "withdrawn"}


@dataclass
class Talk:
    """A comment and what is said below it; ``taking`` are those that take replies."""

    post: int
    taking: list[Line] = field(default_factory=list)

    def next_parent(self, chance: random.Random) -> Line | None:
        if not self.taking:
            return None
        parent = self.taking[-1] if chance.random() < ANSWERS_THE_LAST else chance.choice(self.taking)
        return parent if parent.depth < DEEPEST else self.taking[0]


@dataclass(frozen=True)
class Plan:
    seed: int = 1
    comments_a_post: int = 200
    wave: int = 1_000
    mix: Mix = ORDINARY

    def lines(self, wave: int) -> list[Line]:
        chance = random.Random(f"{self.seed} wave {wave}")
        first = wave * self.wave
        seats = self._seats(chance, first)
        chance.shuffle(seats)
        return [self._line(chance, number, talk) for number, talk in enumerate(seats, start=first)]

    def posts_at(self, number: int) -> int:
        """How many posts there are when this comment comes."""
        return POSTS_AT_FIRST + number // self.comments_a_post

    def published_at(self, post: int, end: datetime) -> datetime:
        """Shortly before its first comment can come."""
        first = max(0, post - POSTS_AT_FIRST + 1) * self.comments_a_post
        return moment(first, end) - timedelta(hours=1)

    def _seats(self, chance: random.Random, first: int) -> list[Talk]:
        """The talk of each comment of a wave, in no order yet."""
        on_largest = self.wave // 2 if first < 2 * LARGEST else 0
        posts = self.posts_at(first)
        seats: list[Talk] = []
        while len(seats) < self.wave:
            largest = len(seats) < on_largest
            # Old posts have more: the cube makes a few posts much talked about, and most a little.
            talk = Talk(0 if largest else 1 + int((posts - 1) * chance.random() ** 3))
            room = (on_largest if largest else self.wave) - len(seats)
            seats += [talk] * min(int(chance.paretovariate(1.0)), LONGEST_TALK, room)
        return seats

    def _line(self, chance: random.Random, number: int, talk: Talk) -> Line:
        parent = talk.next_parent(chance)
        line = Line(
            number=number,
            post=talk.post,
            parent=parent.number if parent else None,
            root=(parent.number if parent.root is None else parent.root) if parent else None,
            depth=parent.depth + 1 if parent else 1,
            kind=self._kind(chance.random()),
            person=_one_of(chance, people_at(number)) if chance.random() < CONFIRMED else None,
            guest=_one_of(chance, 50 + number // 4),
            start=somewhere(chance),
            length=length(chance),
            chance=chance.random(),
        )
        if line.takes_replies:
            talk.taking.append(line)
        return line

    def _kind(self, drawn: float) -> str:
        for kind, share in self.mix._asdict().items():
            drawn -= share
            if drawn < 0:
                return kind
        return "approved"


def people_at(number: int) -> int:
    return 20 + number // 40


def moment(number: float, end: datetime) -> datetime:
    """When a comment comes; ``end`` is when the crowd ends, however large."""
    return end - LASTED * (GROWTH / (number + GROWTH))


def first_published_at(end: datetime) -> datetime:
    return Plan().published_at(0, end)


def end_of(first: datetime) -> datetime:
    """The moment at which the crowd ends, from when its first post was published."""
    return first + LASTED + timedelta(hours=1)


def _one_of(chance: random.Random, count: int) -> int:
    """Those who came early say more."""
    return int(count * chance.random() ** 2)
