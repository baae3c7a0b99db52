"""The evidence card in words: what a study's record says, and plainly where it says nothing.

Pure: it reads rows that were fetched with `ArticleQuerySet.for_page` and asks the database nothing.
"""

from dataclasses import dataclass

from .charts import number
from .models import Outcome, Result, Study, Weighing

NOT_REPORTED = "Not reported here."
READ_SUMMARY = "We read its public summary; the whole paper may say more."
FEW_LINES = 3  # more would push the next study off a phone
TRIALS = {Study.Design.RANDOMISED, Study.Design.CONTROLLED}


@dataclass(frozen=True)
class Row:
    term: str
    lines: list[str]
    is_verdict: bool = False
    folds: bool = False  # where there are many lines, a press shows them


def card(weighing: Weighing) -> list[Row]:
    """The rows of “Evidence at a glance”, but for the link."""
    study = weighing.study
    return [
        Row("What was tested", _tested(study)),
        Row("Kind of study", _kind(study)),
        Row("Who took part", _people(study)),
        Row("How long", _duration(study)),
        Row("What happened", _happened(weighing)),
        Row("How sure can we be?", sure(weighing), is_verdict=True),
        Row("Harms", [study.harms or NOT_REPORTED]),
        Row("Who paid", [study.funding or NOT_REPORTED]),
    ]


def wider(weighing: Weighing) -> list[Row]:
    """The rows of one study among others: shorter, and with its numbers."""
    study = weighing.study
    read = [READ_SUMMARY] if study.source == Study.Source.SUMMARY else []
    figures = numbers(study)
    rows = [
        Row("How sure can we be?", sure(weighing), is_verdict=True),
        Row("Kind of study", [" ".join([*_kind(study)[:1], *_people(study)[:1], *read])]),
        Row("What happened", [line for line in (weighing.happened, weighing.absolute) if line]),
        Row("Numbers", figures, folds=len(figures) > FEW_LINES),
    ]
    return [row for row in rows if row.lines]


def sure(weighing: Weighing) -> list[str]:
    """The verdict, the two judgements that it is made of, and the reason."""
    if not weighing.verdict:
        return ["Not judged yet."]
    return [f"{weighing.verdict}.", f"{weighing.get_certainty_display()}. {weighing.why}".strip()]


def numbers(study: Study) -> list[str]:
    """Each line of numbers with its words, and which direction is better: once, where it is the same for all."""
    told = [(outcome, result) for outcome in study.outcomes.all() for result in outcome.results.all()]
    directions = {str(outcome.get_better_display()) for outcome, _ in told}
    if len(directions) > 1:
        return [f"{_line(outcome, result)} {outcome.get_better_display()}." for outcome, result in told]
    return [_line(outcome, result) for outcome, result in told] + [f"{better}." for better in directions]


def _tested(study: Study) -> list[str]:
    compared = f"Compared with: {study.comparison}" if study.comparison else ""
    return [line for line in (study.intervention or NOT_REPORTED, compared) if line]


def _kind(study: Study) -> list[str]:
    kind = str(study.get_design_display())
    first = f"{kind}: {study.design_note}" if study.design_note else f"{kind}."
    if study.blinding:
        return [first, f"{study.get_blinding_display()}."]
    return [first, "Who knew who got what: not reported here."] if study.design in TRIALS else [first]


def _people(study: Study) -> list[str]:
    lines = []
    if study.studies_found is not None:
        pooled = f", {study.studies_pooled:,} of them added up" if study.studies_pooled is not None else ""
        lines.append(f"{study.studies_found:,} studies{pooled}.")
    if study.participants is not None:
        reported = f"; {study.analysed:,} of them are in the result" if study.analysed is not None else ""
        lines.append(f"{study.participants:,} people{reported}.")
    groups = [f"{arm.name} {arm.randomised:,}" for arm in study.arms.all() if arm.randomised is not None]
    if groups:
        lines.append(f"{', '.join(groups)}.")
    return [
        *(lines or ["How many: not reported here."]),
        f"Diagnosis: {study.diagnosed or 'not reported here.'}",
    ]


def _duration(study: Study) -> list[str]:
    lines = [f"{study.treatment_weeks} weeks of treatment."] if study.treatment_weeks else []
    times = [time.label for time in study.times.all()]
    if times:
        lines.append(f"Measured: {', '.join(times)}.")
    return lines or [NOT_REPORTED]


def _happened(weighing: Weighing) -> list[str]:
    absolute = weighing.absolute or "People in ten who got better: not reported here."
    return [weighing.happened or NOT_REPORTED, absolute]


def _line(outcome: Outcome, result: Result) -> str:
    groups = f"{result.arm}" if result.arm else ""
    if result.against:
        groups += f" against {result.against}"
    about = ", ".join(part for part in (str(outcome), groups, str(result.time)) if part)
    return f"{about}: {', '.join(_values(outcome, result))}."


def _values(outcome: Outcome, result: Result) -> list[str]:
    unit = f" {outcome.unit}" if outcome.unit else ""
    kind = "" if result.kind == Result.Kind.VALUE else f"{str(result.get_kind_display()).lower()} "
    said = [result.words] if result.words else []
    interval = _interval(result)
    if result.estimate is not None:
        spread = f" ± {number(result.sd)}" if result.sd is not None else ""
        said.append(f"{kind}{number(result.estimate)}{spread}{unit}{_beside(result, interval)}")
    elif interval:
        said.append(f"{kind}somewhere in the {interval}{unit}")
    return [*said, f"P {result.p}"] if result.p else said


def _interval(result: Result) -> str:
    if result.low is None or result.high is None:
        return ""
    return f"95 % interval {number(result.low)} to {number(result.high)}"


def _beside(result: Result, interval: str) -> str:
    """A reader who meets two spreads at once is told what each of them is."""
    if interval and result.sd is not None:
        return f" (± is how far people differed; the true value may well lie somewhere in the {interval})"
    return f" ({interval})" if interval else ""
