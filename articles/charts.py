"""What a chart of a study shows and says: numbers in, words and rows out. Pure: no ORM, no request, no markup.

Nothing is drawn that the paper does not report, and no sentence here claims more than an interval carries.
`chart_drawing` puts the rows on paper, `study_charts` makes these from stored studies.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

NOT_REPORTED = "not reported here"
# Further than this no label fits beside its mark on a phone; no outcome of a trial comes near it.
LARGEST = Decimal(10) ** 9
MOST_DECIMALS = 4
NEARLY_NOTHING = Decimal("0.1")


class CannotDraw(ValueError):
    """These numbers cannot be drawn without misleading."""


class Better(Enum):
    LOWER = "lower"
    HIGHER = "higher"


class Spread(Enum):
    """What the line beside an estimate is. Its sentence stands under the drawing."""

    DEVIATION = "SD"
    ERROR = "SE"
    CONFIDENCE = "95% CI"


MEANINGS = {
    Spread.DEVIATION: "The line shows one standard deviation (SD) to each side: how far people differed, not how sure "
    "the mean is.",
    Spread.ERROR: "The line shows one standard error (SE) to each side.",
    Spread.CONFIDENCE: "The line is the 95% confidence interval (CI): the true value may well lie anywhere on it.",
}


class Shape(Enum):
    """Groups are told apart by the form of their mark and by their name, never by colour."""

    DISC = "disc"
    RING = "ring"
    SQUARE = "square"
    DIAMOND = "diamond"


@dataclass(frozen=True)
class PlusMinus:
    amount: Decimal
    kind: Spread = Spread.DEVIATION

    def __post_init__(self) -> None:
        _check([self.amount])
        if self.amount < 0:
            raise CannotDraw("A spread is never below zero.")


@dataclass(frozen=True)
class Between:
    low: Decimal
    high: Decimal
    kind: Spread = Spread.CONFIDENCE

    def __post_init__(self) -> None:
        _check([self.low, self.high])
        if self.low > self.high:
            raise CannotDraw("An interval starts at its lower end.")

    def __str__(self) -> str:
        return f"{number(self.low)} to {number(self.high)}"


@dataclass(frozen=True)
class Row:
    """One named line of a drawing and its mark. Without numbers it is only words."""

    label: str
    printed: tuple[str, ...] = ()
    estimate: Decimal | None = None
    interval: Between | None = None
    shape: Shape = Shape.DISC
    is_heading: bool = False

    @property
    def numbers(self) -> list[Decimal]:
        ends = [self.interval.low, self.interval.high] if self.interval else []
        return ends if self.estimate is None else [*ends, self.estimate]


@dataclass(frozen=True)
class Value:
    """What one group measured at one time."""

    when: str
    estimate: Decimal | None = None
    spread: PlusMinus | Between | None = None
    p: str = ""

    def __post_init__(self) -> None:
        _check([] if self.estimate is None else [self.estimate])
        if self.estimate is None and isinstance(self.spread, PlusMinus):
            raise CannotDraw("A spread to both sides needs the value in the middle.")
        if self.interval:
            _check_inside(self.estimate, self.interval)

    @property
    def interval(self) -> Between | None:
        if isinstance(self.spread, PlusMinus) and self.estimate is not None:
            amount = self.spread.amount
            return Between(self.estimate - amount, self.estimate + amount, self.spread.kind)
        return self.spread if isinstance(self.spread, Between) else None

    @property
    def is_known(self) -> bool:
        return self.estimate is not None or self.spread is not None

    @property
    def spread_in_words(self) -> str:
        if isinstance(self.spread, PlusMinus):
            return f"± {number(self.spread.amount)} {self.spread.kind.value}"
        return f"({self.spread.kind.value} {self.spread})" if self.spread else ""

    @property
    def in_words(self) -> str:
        middle = "" if self.estimate is None else number(self.estimate)
        return f"{middle} {self.spread_in_words}".strip() or NOT_REPORTED


@dataclass(frozen=True)
class Group:
    """One arm of a trial. What it lacks of the chart's times is named as not reported."""

    name: str
    values: tuple[Value, ...] = ()

    @property
    def is_known(self) -> bool:
        return any(value.is_known for value in self.values)

    def at(self, when: str) -> Value:
        return next((value for value in self.values if value.when == when), Value(when))


class Chart:
    """What both kinds of chart hand to the drawing and the template."""

    key: str  # of its ids on the page
    title: str
    better: Better
    unit: str
    scale: Between | None = None  # the least and the most that the measure can show

    @property
    def sides(self) -> tuple[str, str] | None:
        """The words left and right of the line of no difference, where there is one."""
        return None

    @property
    def rows(self) -> list[Row]:
        raise NotImplementedError

    @property
    def conclusion(self) -> str:
        raise NotImplementedError

    @property
    def columns(self) -> list[str]:
        raise NotImplementedError

    @property
    def table(self) -> list[list[str]]:
        """The first cell heads its row."""
        raise NotImplementedError

    @property
    def direction(self) -> str:
        return f"{self.better.value.capitalize()} is better."

    @property
    def notes(self) -> list[str]:
        kinds = dict.fromkeys(row.interval.kind for row in self.rows if row.interval)
        return [MEANINGS[kind] for kind in kinds]

    def check(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.key):
            raise CannotDraw("A chart needs a plain name for its ids.")
        if not any(row.numbers for row in self.rows):
            raise CannotDraw("There is no number to draw.")


@dataclass(frozen=True)
class OutcomeChart(Chart):
    """One outcome of one study, group by group.

    Times are rows in their order and not an axis: nothing pretends that weeks lie evenly apart, and no line
    joins two measurements as if something were known in between.
    """

    key: str
    title: str
    better: Better
    times: tuple[str, ...]
    groups: tuple[Group, ...]
    unit: str = ""
    figure: str = "mean"
    scale: Between | None = None

    def __post_init__(self) -> None:
        if len(self.groups) > len(Shape):
            raise CannotDraw("No more than four groups can be told apart.")
        if unknown := {value.when for group in self.groups for value in group.values} - set(self.times):
            raise CannotDraw(f"The chart has no time “{min(unknown)}”.")
        self.check()

    @property
    def rows(self) -> list[Row]:
        rows = []
        for group, shape in zip(self.groups, Shape, strict=False):
            if not group.is_known:
                rows.append(Row(group.name, (NOT_REPORTED,), is_heading=True))
                continue
            rows.append(Row(group.name, is_heading=True))
            for when in self.times:
                value = group.at(when)
                printed = (value.in_words, value.p) if value.p else (value.in_words,)
                rows.append(Row(when, printed, value.estimate, value.interval, shape))
        return rows

    @property
    def conclusion(self) -> str:
        known = [group for group in self.groups if group.is_known]
        unknown = [group for group in self.groups if not group.is_known]
        told = " ".join(f"{group.name}: {self._told(group)}." for group in known)
        if unknown:
            return f"{told} The numbers of {_listed(g.name for g in unknown)} are not reported here, so nothing is compared."
        if len(known) == 1:
            return f"{told} There was no other group to compare with."
        return f"{told} These numbers alone do not tell whether the groups differ by more than chance."

    def _told(self, group: Group) -> str:
        values = [group.at(when) for when in self.times]
        return ", ".join(f"{_middle(value)} {value.when}" for value in values if value.is_known)

    @property
    def notes(self) -> list[str]:
        return [f"The mark is the {self.figure}.", *super().notes]

    @property
    def columns(self) -> list[str]:
        return ["Group", "When", self.figure.capitalize(), "Spread", "P"]

    @property
    def table(self) -> list[list[str]]:
        return [
            [
                group.name,
                when,
                NOT_REPORTED if value.estimate is None else number(value.estimate),
                value.spread_in_words.strip("()") or NOT_REPORTED,
                value.p or NOT_REPORTED,
            ]
            for group in self.groups
            for when in self.times
            for value in [group.at(when)]
        ]


class Verdict(Enum):
    """What an interval allows to say, and no more."""

    TREATMENT = "better with {treatment}"
    TREATMENT_BARELY = "better with {treatment}, perhaps by very little"
    COMPARISON = "better with {comparison}"
    COMPARISON_BARELY = "better with {comparison}, perhaps by very little"
    UNCLEAR = "no clear difference"
    UNJUDGED = "no interval reported, so not judged"
    UNKNOWN = NOT_REPORTED


@dataclass(frozen=True)
class Difference:
    """Treatment minus comparison. Both numbers may be missing, and then both are missing in the drawing."""

    label: str
    estimate: Decimal | None = None
    interval: Between | None = None
    p: str = ""

    def __post_init__(self) -> None:
        _check([] if self.estimate is None else [self.estimate])
        if self.interval:
            _check_inside(self.estimate, self.interval)
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
            value = str(self.interval) if self.interval else NOT_REPORTED
        else:
            value = f"{number(self.estimate)} ({self.interval})" if self.interval else number(self.estimate)
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
        return [Row(one.label, one.printed, one.estimate, one.interval) for one in self.differences]

    @property
    def conclusion(self) -> str:
        parts = []
        for verdict in Verdict:
            labels = [one.label for one in self.differences if one.verdict(self.better) is verdict]
            if labels:
                parts.append(f"{_capital(self._words(verdict))}: {_listed(labels)}.")
        return " ".join(parts)

    def _words(self, verdict: Verdict) -> str:
        # Replaced one by one: a name may hold a brace.
        return verdict.value.replace("{treatment}", self.treatment).replace("{comparison}", self.comparison)

    @property
    def notes(self) -> list[str]:
        kinds = super().notes
        middle = [f"The mark is the {self.figure}."] if any(d.estimate is not None for d in self.differences) else []
        missing = any(d.interval and d.estimate is None for d in self.differences)
        without = ["Where no mark stands on the line, the source gives only the interval."] if missing else []
        touching = ["A line that touches 0 means: no clear difference."] if kinds else []
        return [*middle, *without, *kinds, *touching]

    @property
    def columns(self) -> list[str]:
        return ["Outcome", _capital(self.figure), Spread.CONFIDENCE.value, "P", "In words"]

    @property
    def table(self) -> list[list[str]]:
        return [
            [
                one.label,
                NOT_REPORTED if one.estimate is None else number(one.estimate),
                str(one.interval or NOT_REPORTED),
                one.p or NOT_REPORTED,
                self._words(one.verdict(self.better)),
            ]
            for one in self.differences
        ]


def number(value: Decimal) -> str:
    """With the decimals it came with, a true minus sign and marked thousands."""
    return f"{value:,f}".replace("-", "−")


def _check(values: Iterable[Decimal]) -> None:
    for value in values:
        if not value.is_finite() or abs(value) >= LARGEST:
            raise CannotDraw("A number is missing its end or too large to draw.")
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
            raise CannotDraw(f"A number has more than {MOST_DECIMALS} decimals.")


def _check_inside(estimate: Decimal | None, interval: Between) -> None:
    if estimate is not None and not interval.low <= estimate <= interval.high:
        raise CannotDraw("The interval does not hold its estimate.")


def _middle(value: Value) -> str:
    return value.in_words if value.estimate is None else number(value.estimate)


def _listed(names: Iterable[str]) -> str:
    """“a, b and c”."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


