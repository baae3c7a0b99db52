"""Where the bars and words of a plot stand. Pure: numbers in, geometry out; `_plot.html` draws it as SVG.

One unit is about one pixel on a small phone, so that words can be read there without zooming.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .figures import DAYS, OUTCOMES, Figures

WIDTH = 340
TEXT = 13
PANEL = 34  # height of the highest bar of one kind of decision
STEPS = [  # hours
    (1, "1 hour"),
    (2, "2 hours"),
    (6, "6 hours"),
    (12, "12 hours"),
    (24, "1 day"),
    (48, "2 days"),
    (72, "3 days"),
    (168, "1 week"),
]


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True)
class Line:
    y: float
    x: float = 0
    to: float = WIDTH


@dataclass(frozen=True)
class Plot:
    name: str  # of its ids on the page
    title: str
    says: str  # the conclusion in words
    height: float
    bars: list[Bar]
    labels: list[Label]
    lines: list[Line]
    columns: list[str]
    rows: list[list[str | int]]  # the first cell heads its row
    width: int = WIDTH


def decided_per_day(figures: Figures) -> Plot:
    """A row of bars for each decision, all on one scale: told apart by place and words, not by colour."""
    most = max((max(day.decided.values(), default=0) for day in figures.days), default=0)
    bars, labels, lines = [], [], []
    top = 0.0
    step = WIDTH / DAYS
    for state in OUTCOMES:
        counts = [day.decided[state] for day in figures.days]
        labels.append(Label(0, top + TEXT, f"{state.label}: {sum(counts)}"))
        if max(counts):
            labels.append(Label(WIDTH, top + TEXT, f"at most {max(counts)} a day", "end"))
        floor = top + TEXT + 8 + PANEL
        lines.append(Line(floor))
        for number, count in enumerate(counts):
            if count:
                height = PANEL * count / most
                bars.append(Bar(number * step + 1, floor - height, step - 2, height))
        top = floor + 10
    days = [day.day for day in figures.days]
    labels += [
        Label(0, top + TEXT - 4, _short(days[0])),
        Label(WIDTH / 2, top + TEXT - 4, _short(days[len(days) // 2]), "middle"),
        Label(WIDTH, top + TEXT - 4, _short(days[-1]), "end"),
    ]
    return Plot(
        name="decided",
        title="Decided per day",
        says=_says_decided(figures),
        height=top + TEXT + 2,
        bars=bars,
        labels=labels,
        lines=lines,
        columns=["Day", *(state.label for state in OUTCOMES)],
        rows=[[_short(day.day), *(day.decided[state] for state in OUTCOMES)] for day in figures.days],
    )


def waiting_times(figures: Figures) -> Plot:
    """How many waited how long, in fixed steps: a bar each, with its number beside it."""
    rows = in_steps(figures.waits)
    most = max((count for _, count in rows), default=0) or 1
    left, right, height = 118, 48, 22
    bars, labels = [], []
    for number, (label, count) in enumerate(rows):
        y = number * height
        labels.append(Label(0, y + 15, label))
        width = (WIDTH - left - right) * count / most
        if count:
            bars.append(Bar(left, y + 4, max(1, width), height - 8))
        labels.append(Label(left + width + 6, y + 15, str(count)))
    return Plot(
        name="waiting",
        title="How long comments waited",
        says=f"Half of the comments were decided on within {figures.median}, nine out of ten within "
        f"{figures.ninetieth}.",
        height=len(rows) * height,
        bars=bars,
        labels=labels,
        lines=[],
        columns=["Waited", "Comments"],
        rows=[[label, count] for label, count in rows],
    )


def in_steps(seconds: Sequence[float]) -> list[tuple[str, int]]:
    """How many fall into each step; what is exactly as long as a step belongs to it."""
    counts = [0] * (len(STEPS) + 1)
    for one in seconds:
        place = next((at for at, (hours, _) in enumerate(STEPS) if one <= hours * 3600), len(STEPS))
        counts[place] += 1
    names = [f"up to {label}" for _, label in STEPS] + ["longer"]
    return list(zip(names, counts, strict=True))


def _says_decided(figures: Figures) -> str:
    by_state = {state: sum(day.decided[state] for day in figures.days) for state in OUTCOMES}
    commonest = max(OUTCOMES, key=lambda state: by_state[state])
    busiest = max(figures.days, key=lambda day: day.decided.total())
    number = busiest.decided.total()
    return (
        f"{figures.decided} decision{'s' if figures.decided != 1 else ''} in {DAYS} days. The most common one is "
        f"“{commonest.label}” ({by_state[commonest]}). The most on one day: {number}, on {_short(busiest.day)}."
    )


def _short(day: date) -> str:
    return f"{day.day} {day:%B}"
