"""One line that says how far something is, how fast it goes and how long it will take."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

EVERY = 10.0  # seconds, where a line cannot be drawn anew


class Progress:
    def __init__(
        self,
        goal: int,
        *,
        out: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.goal, self.out, self.clock = goal, out or sys.stdout, clock
        self.began: tuple[float, int] | None = None
        self.said = float("-inf")
        self.redraws = self.out.isatty()

    def tell(self, done: int) -> None:
        now = self.clock()
        if self.began is None:
            self.began = (now, done)
        is_over = done >= self.goal
        if self.redraws:
            # "\033[K" wipes what a longer line left.
            print(f"\r{self._line(done, now)}\033[K", end="\n" if is_over else "", file=self.out, flush=True)
        elif is_over or now - self.said >= EVERY:
            self.said = now
            print(self._line(done, now), file=self.out, flush=True)

    def _line(self, done: int, now: float) -> str:
        start, before = self.began or (now, done)
        line = f"{done:,} of {self.goal:,} comments ({done * 100 // max(1, self.goal)} %)"
        if now <= start or done <= before:
            return line
        rate = (done - before) / (now - start)
        rest = (
            f", {_minutes((self.goal - done) / rate)} left"
            if done < self.goal
            else f", {_minutes(now - start)}"
        )
        return f"{line}, {rate:,.0f} a second{rest}"


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
