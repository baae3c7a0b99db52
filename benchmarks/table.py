"""The table of a run: rows, their aims, how they are printed and written down. Pure; it measures nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

WIDTH = 62  # characters of the column that says what was measured


@dataclass(frozen=True)
class Aim:
    bound: float
    least: bool  # the bound is the least that will do; else the most

    def is_met(self, figure: float) -> bool:
        return figure >= self.bound if self.least else figure <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.bound:g}"


def at_least(bound: float) -> Aim:
    return Aim(bound, least=True)


def at_most(bound: float) -> Aim:
    return Aim(bound, least=False)


@dataclass(frozen=True)
class Row:
    """One figure. An aim is one for the ratio where there is one, else for the value."""

    what: str
    value: float
    unit: str
    ratio: float | None = None
    to: str = ""  # what the ratio is to
    aim: Aim | None = None
    note: str = ""  # printed below

    @property
    def is_met(self) -> bool | None:
        """None: there is nothing to meet."""
        if self.aim is None:
            return None
        return self.aim.is_met(self.value if self.ratio is None else self.ratio)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"aim": str(self.aim or ""), "met": self.is_met}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Row":
        sign, _, bound = said["aim"].partition(" ")
        aim = Aim(float(bound), least=sign == "≥") if bound else None
        return cls(**{name: said[name] for name in said if name not in {"aim", "met"}}, aim=aim)


@dataclass
class Part:
    """What one measurement gave: rows, or why there are none."""

    name: str
    rows: list[Row] = field(default_factory=list)
    left_out: str = ""
    failed: str = ""


class LeftOut(Exception):
    """A measurement cannot be made here; the text says why, and what would have to be installed."""


def lines(parts: Iterable[Part]) -> Iterable[str]:
    yield f"{'what':{WIDTH}}{'measured':>12} {'unit':9}{'ratio':>8} {'to':14}{'aim':>8}"
    for part in parts:
        yield f"-- {part.name} "
        for row in part.rows:
            yield _line(row)
            yield from (f"     {line}" for line in row.note.splitlines())
        if part.left_out:
            yield f"   left out: {part.left_out}"
        if part.failed:
            yield f"   FAILED: {part.failed}"


def _line(row: Row) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:.3f}"
    verdict = {None: "", True: "  met", False: "  MISSED"}[row.is_met]
    aim = str(row.aim or "")
    return f"{row.what:{WIDTH}}{number(row.value):>12} {row.unit:9}{ratio:>8} {row.to:14}{aim:>8}{verdict}".rstrip()


def number(value: float) -> str:
    """As many digits as mean something."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1_000 else f"{value:.2f}"


def report(facts: Mapping[str, str], parts: Iterable[Part]) -> dict[str, Any]:
    return {
        "facts": dict(facts),
        "parts": [
            {
                "name": part.name,
                "rows": [row.as_json() for row in part.rows],
                "left_out": part.left_out,
                "failed": part.failed,
            }
            for part in parts
        ],
    }


def exit_code(parts: Iterable[Part], *, strict: bool) -> int:
    """1 when a measurement broke, or when ``strict`` and an aim is missed. What is left out is neither."""
    parts = list(parts)
    missed = any(row.is_met is False for part in parts for row in part.rows)
    return 1 if any(part.failed for part in parts) or (strict and missed) else 0
