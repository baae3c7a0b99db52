"""Which charts a post's studies give, made from rows that `for_page` has fetched: this asks the database nothing more.

What cannot be drawn truly is left to the words of the evidence card: results without a number, and ratios, whose
halves and doubles lie unevenly on a plain scale.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from .charts import (
    Better,
    Between,
    CannotDraw,
    Chart,
    Group,
    OutcomeChart,
    PlusMinus,
    Value,
)
from .forest import Difference, ForestPlot
from .models import Arm, Article, Outcome, Result, Study

LONGEST_SIDE = 30
FIGURES = {
    Result.Kind.DIFFERENCE: "mean difference",
    Result.Kind.STANDARDISED: "standardised mean difference",
}


class OfStudy(NamedTuple):
    study: Study
    charts: list[Chart]


class OneScale(NamedTuple):
    """Differences that may share one scale: never points of one questionnaire beside points of another."""

    kind: str
    better: str
    arm: Arm | None
    measure: str
    unit: str


def charts_of(article: Article) -> list[OfStudy]:
    """The main study with all its charts, then the wider evidence as far as it compares."""
    found = []
    for weighing in article.weighings.all():
        charts: list[Chart] = list(forest_plots(weighing.study))
        if weighing.is_main:
            charts = [*outcome_charts(weighing.study), *charts]
        if charts:
            found.append(OfStudy(weighing.study, charts))
    return found


def outcome_charts(study: Study) -> Iterator[OutcomeChart]:
    for outcome in study.outcomes.all():
        with suppress(CannotDraw):
            yield _outcome_chart(study, outcome)


def forest_plots(study: Study) -> Iterator[ForestPlot]:
    shared: dict[OneScale, list[tuple[Outcome, Result]]] = defaultdict(list)
    for outcome in study.outcomes.all():
        for result in outcome.results.all():
            if result.kind in FIGURES:
                shared[_scale_of(outcome, result)].append((outcome, result))
    for place, (scale, results) in enumerate(shared.items(), start=1):
        with suppress(CannotDraw):
            yield _forest_plot(study, place, scale, results)


def _outcome_chart(study: Study, outcome: Outcome) -> OutcomeChart:
    values = [result for result in outcome.results.all() if result.kind == Result.Kind.VALUE]
    groups = [
        Group(arm.name, tuple(_value(one) for one in values if one.arm_id == arm.pk))
        for arm in study.arms.all()
    ]
    low, high = outcome.scale_low, outcome.scale_high
    return OutcomeChart(
        key=f"outcome-{outcome.pk}",
        title=str(outcome),
        better=Better(outcome.better),
        times=tuple(time.label for time in study.times.all()),
        groups=tuple(groups),
        unit=outcome.unit,
        scale=None if low is None or high is None else Between(low, high),
    )


def _scale_of(outcome: Outcome, result: Result) -> OneScale:
    standardised = result.kind == Result.Kind.STANDARDISED
    measure, unit = ("", "") if standardised else (outcome.measure, outcome.unit)
    return OneScale(result.kind, outcome.better, result.arm, measure, unit)


def _forest_plot(
    study: Study, place: int, scale: OneScale, results: list[tuple[Outcome, Result]]
) -> ForestPlot:
    against = {result.against.name for _, result in results if result.against}
    outcomes = {outcome.name: outcome for outcome, _ in results}
    figure = FIGURES[Result.Kind(scale.kind)]
    what = f"{next(iter(outcomes.values()))}: d" if len(outcomes) == 1 else "D"
    return ForestPlot(
        key=f"differences-{study.pk}-{place}",
        title=f"{what}ifferences between the groups",
        treatment=scale.arm.name
        if scale.arm
        else _short(study.intervention.partition(":")[0]) or "the treatment",
        comparison=against.pop() if len(against) == 1 else _short(study.comparison) or "the comparison",
        better=Better(scale.better),
        differences=tuple(
            _difference(_label(outcome, result, name_it=len(outcomes) > 1), result)
            for outcome, result in results
        ),
        figure=figure,
        unit=scale.unit,
    )


def _label(outcome: Outcome, result: Result, *, name_it: bool) -> str:
    when = f"{outcome.name}, {result.time.label}" if name_it else result.time.label
    return f"{when}, against {result.against.name}" if result.against else when


def _short(words: str) -> str:
    """Words that fit beside the line of no difference; nothing for longer ones, for a part would be another thing."""
    return words.rstrip(".") if len(words) <= LONGEST_SIDE else ""


def _value(result: Result) -> Value:
    """An interval tells more of the value than how far people differed: it is the line, and both are told."""
    interval = _interval(result)
    deviation = None if result.sd is None or result.estimate is None else PlusMinus(result.sd)
    return Value(
        result.time.label,
        result.estimate,
        interval or deviation,
        _p(result),
        result.words,
        also=deviation if interval else None,
    )


def _difference(label: str, result: Result) -> Difference:
    return Difference(label, result.estimate, _interval(result), _p(result), result.words)


def _interval(result: Result) -> Between | None:
    return None if result.low is None or result.high is None else Between(result.low, result.high)


def _p(result: Result) -> str:
    return f"P {result.p}" if result.p else ""
