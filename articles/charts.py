"""What a chart of a study shows and says: numbers in, words and rows out. Pure: no ORM, no request, no markup.

Nothing is drawn that the paper does not report, and no sentence claims more than the numbers carry. `forest` has the
chart of differences, `chart_drawing` puts rows on paper, `study_charts` makes charts of stored studies.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Protocol

NOT_REPORTED = "not reported here"
# Further than this no label fits beside its mark on a phone; no outcome of a trial comes near it.
LARGEST = Decimal(10) ** 9
MOST_DECIMALS = 4


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

IN_SHORT = {
    Spread.DEVIATION: "how far people differed",
    Spread.ERROR: "how far the mean may be off",
    Spread.CONFIDENCE: "where the true value may well lie",
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
        check_numbers([self.amount])
        if self.amount < 0:
            raise CannotDraw("A spread is never below zero.")

    def __str__(self) -> str:
        return f"± {number(self.amount)} {self.kind.value}"


@dataclass(frozen=True)
class Between:
    low: Decimal
    high: Decimal
    kind: Spread = Spread.CONFIDENCE

    def __post_init__(self) -> None:
        check_numbers([self.low, self.high])
        if self.low > self.high:
            raise CannotDraw("An interval starts at its lower end.")

    def __str__(self) -> str:
        return f"{self.kind.value} {self.ends}"

    @property
    def ends(self) -> str:
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
    words: str = ""  # what the source says instead of a number
    also: PlusMinus | None = None  # told beside the interval that is drawn

    def __post_init__(self) -> None:
        check_numbers([] if self.estimate is None else [self.estimate])
        if self.also and not isinstance(self.spread, Between):
            raise CannotDraw("Only beside an interval is there something more to tell.")
        if self.estimate is None and isinstance(self.spread, PlusMinus):
            raise CannotDraw("A spread to both sides needs the value in the middle.")
        if self.interval:
            check_inside(self.estimate, self.interval)

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
    def is_told(self) -> bool:
        return self.is_known or bool(self.words or self.p)

    @property
    def in_words(self) -> str:
        """As papers write it: “20.6 ± 6.3 SD (95% CI 18.5 to 22.7)”."""
        middle = "" if self.estimate is None else number(self.estimate)
        beside = [f"({one})" if isinstance(one, Between) else str(one) for one in self.spreads]
        return " ".join(part for part in (middle, *beside) if part) or without_number(self.words)

    @property
    def spreads(self) -> list["PlusMinus | Between"]:
        return [one for one in (self.also, self.spread) if one]

    @property
    def spread_in_words(self) -> str:
        """For a cell of its own. Two at once are told apart by what they mean."""
        if len(self.spreads) > 1:
            return "; ".join(f"{one}, {IN_SHORT[one.kind]}" for one in self.spreads)
        return str(self.spread) if self.spread else NOT_REPORTED

    @property
    def printed(self) -> tuple[str, ...]:
        return (self.in_words, self.p) if self.p else (self.in_words,)


@dataclass(frozen=True)
class Group:
    """One arm of a trial. What it lacks of the chart's times is named as not reported."""

    name: str
    values: tuple[Value, ...] = ()

    @property
    def is_known(self) -> bool:
        return any(value.is_known for value in self.values)

    @property
    def is_told(self) -> bool:
        return any(value.is_told for value in self.values)

    def at(self, when: str) -> Value:
        return next((value for value in self.values if value.when == when), Value(when))


class Chart(Protocol):
    """What both kinds of chart hand to the drawing and the template; what follows from it they inherit."""

    key: str  # of its ids on the page
    title: str
    better: Better
    unit: str
    scale: Between | None = None  # the least and the most that the measure can show

    @property
    def rows(self) -> list[Row]: ...

    @property
    def conclusions(self) -> list[str]: ...  # what the numbers allow to say, a sentence each

    @property
    def columns(self) -> list[str]: ...

    @property
    def table(self) -> list[list[str]]: ...  # the first cell heads its row

    @property
    def sides(self) -> tuple[str, str] | None:
        """The words left and right of the line of no difference, where there is one."""
        return None

    @property
    def conclusion(self) -> str:
        return " ".join(self.conclusions)

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
            if not group.is_told:
                rows.append(Row(group.name, (NOT_REPORTED,), is_heading=True))
                continue
            values = [group.at(when) for when in self.times]
            rows.append(Row(group.name, is_heading=True))
            rows += [
                Row(capital(value.when), value.printed, value.estimate, value.interval, shape)
                for value in values
                if value.is_told
            ]
            if missing := [value.when for value in values if not value.is_told]:
                rows.append(Row(capital(listed(missing)), (NOT_REPORTED,)))
        return rows

    @property
    def conclusions(self) -> list[str]:
        known = [group for group in self.groups if group.is_known]
        unknown = [group.name for group in self.groups if not group.is_known]
        told = [f"{group.name}: {self._told(group)}." for group in known]
        if unknown:
            return [*told, f"{listed(unknown)}: no numbers reported here, so nothing is compared."]
        if len(known) == 1:
            return [*told, "There was no other group to compare with."]
        return [*told, "These numbers alone do not tell whether the groups differ by more than chance."]

    def _told(self, group: Group) -> str:
        values = [group.at(when) for when in self.times]
        return "; ".join(f"{value.when} {_middle(value)}" for value in values if value.is_known)

    @property
    def notes(self) -> list[str]:
        has_p = any(value.p for group in self.groups for value in group.values)
        as_given = ["P stands as the source gives it."] if has_p else []
        return [f"The mark is the {self.figure}.", *super().notes, *self._also, *as_given]

    @property
    def _also(self) -> list[str]:
        kinds = dict.fromkeys(
            value.also.kind for group in self.groups for value in group.values if value.also
        )
        return [f"What is printed after ± ({kind.value}) tells {IN_SHORT[kind]}." for kind in kinds]

    @property
    def columns(self) -> list[str]:
        return ["Group", "When", self.figure.capitalize(), "Spread", "P"]

    @property
    def table(self) -> list[list[str]]:
        return [
            [
                group.name,
                when,
                without_number(value.words) if value.estimate is None else number(value.estimate),
                value.spread_in_words,
                value.p or NOT_REPORTED,
            ]
            for group in self.groups
            for when in self.times
            for value in [group.at(when)]
        ]


def number(value: Decimal) -> str:
    """With the decimals it came with, a true minus sign and marked thousands."""
    return f"{value:,f}".replace("-", "−")


def check_numbers(values: Iterable[Decimal]) -> None:
    for value in values:
        if not value.is_finite() or abs(value) >= LARGEST:
            raise CannotDraw("A number is missing its end or too large to draw.")
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -MOST_DECIMALS:
            raise CannotDraw(f"A number has more than {MOST_DECIMALS} decimals.")


def check_inside(estimate: Decimal | None, interval: Between) -> None:
    if estimate is not None and not interval.low <= estimate <= interval.high:
        raise CannotDraw("The interval does not hold its estimate.")


def without_number(words: str) -> str:
    return f"{words}, no number here" if words else NOT_REPORTED


def _middle(value: Value) -> str:
    return value.in_words if value.estimate is None else number(value.estimate)


def listed(names: Iterable[str]) -> str:
    """“a, b and c”."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]
