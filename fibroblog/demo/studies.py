"""The demo's studies, made by the same verbs and checks as an editor's."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from articles import evidence
from articles.models import Arm, Article, Outcome, Result, Study, TimePoint, Weighing

FILE = Path(__file__).with_name("studies.toml")
DECIMALS = ("estimate", "sd", "low", "high")


def rows() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text())


def load() -> dict[str, Study]:
    return {key: _study(row) for key, row in rows().items()}


def weigh(article: Article, keys: list[str], studies: dict[str, Study]) -> None:
    """The first is the one that the post is about."""
    verdicts = rows()
    evidence.weigh(
        article,
        saved=[
            Weighing(study=studies[key], is_main=not place, position=place, **verdicts[key]["verdict"])
            for place, key in enumerate(keys)
        ],
    )


def left_over() -> QuerySet[Study]:
    """The demo's studies that no post weighs any more."""
    titles = [row["title"] for row in rows().values()]
    return Study.objects.filter(title__in=titles, weighings=None)


def _study(row: dict[str, Any]) -> Study:
    fields = {name: value for name, value in row.items() if not isinstance(value, list | dict)}
    study = Study(**fields)
    study.full_clean()
    evidence.save_study(study)
    arms = {arm["name"]: Arm(study=study, position=place, **arm) for place, arm in _numbered(row, "arms")}
    times = {time["label"]: TimePoint(study=study, **time) for time in row.get("times", [])}
    evidence.check_groups(study, arms.values())
    evidence.save_parts(study, saved=[*arms.values(), *times.values()])
    for place, outcome in _numbered(row, "outcomes"):
        lines = outcome.pop("results")
        stored = evidence.save_outcome(Outcome(study=study, position=place, **outcome))
        evidence.save_parts(study, saved=[_result(stored, line, arms, times) for line in lines])
    return study


def _result(
    outcome: Outcome, line: dict[str, str], arms: dict[str, Arm], times: dict[str, TimePoint]
) -> Result:
    numbers = {name: Decimal(line[name]) for name in DECIMALS if name in line}
    words = {name: line[name] for name in ("kind", "p", "words") if name in line}
    groups = {name: arms[line[name]] for name in ("arm", "against") if name in line}
    result = Result(outcome=outcome, time=times[line["time"]], **groups, **numbers, **words)
    result.full_clean()
    return result


def _numbered(row: dict[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(row.get(name, []), start=1))
