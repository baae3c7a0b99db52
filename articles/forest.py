"""Differences between groups, on one scale with the line of no difference. Pure, like `charts`.

The verdict on each comes from its interval alone: never from P, never from how far the estimate lies from zero.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from .charts import (
    NOT_REPORTED,
    Better,
    Between,
    CannotDraw,
    Chart,
    Row,
    Spread,
    capital,
    check_inside,
    check_numbers,
    number,
    without_number,
)

# An interval whose near end is closer to zero than this share of its far end may mean next to nothing.
NEARLY_NOTHING = Decimal("0.1")


class Verdict(Enum):
    """What an interval allows to say, and no more."""

    TREATMENT = "better with {treatment}"
    TREATMENT_BARELY = "better with {treatment}, perhaps by very little"
    COMPARISON = "better with {comparison}"
    COMPARISON_BARELY = "better with {comparison}, perhaps by very little"
    UNCLEAR = "no clear difference"
    UNJUDGED = "no interval reported here, so not judged"
    UNKNOWN = NOT_REPORTED


@dataclass(frozen=True)
class Difference:
    """Treatment minus comparison. Both numbers may be missing, and then both are missing in the drawing."""

    label: str
    estimate: Decimal | None = None
    interval: Between | None = None
    p: str = ""
    words: str = ""

    def __post_init__(self) -> None:
        check_numbers([] if self.estimate is None else [self.estimate])
        if self.interval:
            check_inside(self.estimate, self.interval)
            if self.interval.kind is not Spread.CONFIDENCE:
                raise CannotDraw("Only a confidence interval can be read against the line of no difference.")

    def verdict(self, better: Better) -> Verdict:
        if not self.interval:
            return Verdict.UNKNOWN if self.estimate is None else Verdict.UNJUDGED
        low, high = self.interval.low, self.interval.high
        if low <= 0 <= high:
            return Verdict.UNCLEAR
        near, far = sorted([abs(low), abs(high)])
        barely = near < far * NEARLY_NOTHING
        if (high < 0) is (better is Better.LOWER):
            return Verdict.TREATMENT_BARELY if barely else Verdict.TREATMENT
        return Verdict.COMPARISON_BARELY if barely else Verdict.COMPARISON

    @property
    def printed(self) -> tuple[str, ...]:
        if self.estimate is None:
            value = self.interval.ends if self.interval else without_number(self.words)
        else:
            value = (
                f"{number(self.estimate)} ({self.interval.ends})" if self.interval else number(self.estimate)
            )
        return (value, self.p) if self.p else (value,)


@dataclass(frozen=True)
class ForestPlot(Chart):
    """Several differences with their intervals on one scale, and the line of no difference through all."""

    key: str
    title: str
    treatment: str
    comparison: str
    better: Better
    differences: tuple[Difference, ...]
    figure: str = "mean difference"
    unit: str = ""

    def __post_init__(self) -> None:
        self.check()

    @property
    def sides(self) -> tuple[str, str]:
        sides = (f"favours {self.treatment}", f"favours {self.comparison}")
        return sides if self.better is Better.LOWER else sides[::-1]

    @property
    def rows(self) -> list[Row]:
        return [Row(capital(one.label), one.printed, one.estimate, one.interval) for one in self.differences]

    @property
    def conclusions(self) -> list[str]:
        found = []
        for verdict in Verdict:
            labels = [one.label for one in self.differences if one.verdict(self.better) is verdict]
            if labels:
                found.append(f"{capital(self._words(verdict))}: {'; '.join(labels)}.")
        return found

    def _words(self, verdict: Verdict) -> str:
        # Replaced one by one: a name may hold a brace.
        return verdict.value.replace("{treatment}", self.treatment).replace("{comparison}", self.comparison)

    @property
    def notes(self) -> list[str]:
        kinds = super().notes
        middle = (
            [f"The mark is the {self.figure}."]
            if any(d.estimate is not None for d in self.differences)
            else []
        )
        missing = any(d.interval and d.estimate is None for d in self.differences)
        without = ["Where no mark stands on the line, the source gives only the interval."] if missing else []
        touching = ["A line that touches 0 means: no clear difference."] if kinds else []
        return [*middle, *without, *kinds, *touching, *self._about_p]

    @property
    def _about_p(self) -> list[str]:
        return [] if any(one.p for one in self.differences) else ["P values are not reported here."]

    @property
    def columns(self) -> list[str]:
        p = [] if self._about_p else ["P"]
        return ["Outcome", capital(self.figure), Spread.CONFIDENCE.value, *p, "In words"]

    @property
    def table(self) -> list[list[str]]:
        return [
            [
                one.label,
                without_number("" if one.interval else one.words)
                if one.estimate is None
                else number(one.estimate),
                one.interval.ends if one.interval else NOT_REPORTED,
                *([] if self._about_p else [one.p or NOT_REPORTED]),
                self._words(one.verdict(self.better)),
            ]
            for one in self.differences
        ]
