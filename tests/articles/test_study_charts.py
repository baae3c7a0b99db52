"""From stored studies to the charts on a post's page."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.chart_drawing import draw, svg
from articles.charts import NOT_REPORTED, Between
from articles.models import Arm, Article, Outcome, Result, Study, TimePoint, Weighing
from articles.study_charts import charts_of, forest_plots, outcome_charts
from tests.factories import make_article

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def trial() -> Study:
    """Two groups, two times, and one value of the treated group."""
    study = Study.objects.create(title="A trial", design=Study.Design.RANDOMISED)
    Arm.objects.create(study=study, name="Release", position=1)
    Arm.objects.create(study=study, name="Sham", position=2, is_comparison=True)
    TimePoint.objects.create(study=study, label="after 20 weeks", weeks=20)
    TimePoint.objects.create(study=study, label="before", weeks=0)
    return study


def outcome(study: Study, name: str = "Pain", **fields: Any) -> Outcome:
    return Outcome.objects.create(**({"study": study, "name": name, "better": Outcome.Better.LOWER} | fields))


def value(of: Outcome, arm: str = "Release", time: str = "after 20 weeks", **fields: Any) -> Result:
    study = of.study
    return Result.objects.create(
        outcome=of, arm=study.arms.get(name=arm), time=study.times.get(label=time), **fields
    )


def difference(of: Outcome, low: str, high: str, **fields: Any) -> Result:
    study = of.study
    groups = {"arm": study.arms.get(name="Release"), "against": study.arms.get(name="Sham")}
    time = study.times.get(label="after 20 weeks")
    return Result.objects.create(
        **(
            {"outcome": of, "kind": Result.Kind.DIFFERENCE, "time": time, "low": D(low), "high": D(high)}
            | groups
            | fields
        )
    )


def weighed(*studies: Study) -> Article:
    article = make_article()
    for place, study in enumerate(studies):
        Weighing.objects.create(article=article, study=study, is_main=not place, position=place + 1)
    return Article.objects.for_page().get(pk=article.pk)


def test_an_outcome_is_drawn_with_all_groups_and_times_of_its_study(trial: Study) -> None:
    value(outcome(trial, measure="McGill"), estimate=D("20.6"), sd=D("6.3"), p="< 0.032")
    (chart,) = outcome_charts(trial)
    assert (chart.title, chart.times) == ("Pain (McGill)", ("before", "after 20 weeks"))
    assert chart.table == [
        ["Release", "before", NOT_REPORTED, NOT_REPORTED, NOT_REPORTED],
        ["Release", "after 20 weeks", "20.6", "± 6.3 SD", "P < 0.032"],
        ["Sham", "before", NOT_REPORTED, NOT_REPORTED, NOT_REPORTED],
        ["Sham", "after 20 weeks", NOT_REPORTED, NOT_REPORTED, NOT_REPORTED],
    ]


def test_every_number_is_printed_as_it_was_typed(trial: Study) -> None:
    pain = outcome(trial, scale_low=D("0.0"), scale_high=D("100"))
    value(pain, estimate=D("20"), low=D("18.50"), high=D("21.250"))
    value(pain, arm="Sham", estimate=D("0.50"), sd=D("0.10"))
    difference(pain, "-4.9", "-0.20", estimate=D("-1.0"))
    (chart,), (plot,) = outcome_charts(Study.objects.get()), forest_plots(Study.objects.get())
    assert chart.table[1][2:4] == ["20", "95% CI 18.50 to 21.250"]
    assert chart.table[3][2:4] == ["0.50", "± 0.10 SD"]
    assert plot.table[0][1:3] == ["−1.0", "−4.9 to −0.20"]
    drawn = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg(chart) + svg(plot)))
    assert "20 (95% CI 18.50 to 21.250)" in drawn
    assert "0.50 ± 0.10 SD" in drawn
    assert "−1.0 (−4.9 to −0.20)" in drawn
    labels = {word.text for word in draw(chart).words if word.anchor == "middle"}
    assert {"0", "100"} <= labels, "the scale's own marks stay plain"


def test_a_value_with_a_spread_and_an_interval_tells_both_and_draws_the_interval(trial: Study) -> None:
    value(outcome(trial), estimate=D("20"), sd=D("3.1"), low=D("18.5"), high=D("21.25"))
    (chart,) = outcome_charts(Study.objects.get())
    assert chart.table[1][3] == (
        "± 3.1 SD, how far people differed; 95% CI 18.5 to 21.25, where the true value may well lie"
    )
    (row,) = [row for row in chart.rows if row.numbers]
    assert row.printed == ("20 ± 3.1 SD (95% CI 18.5 to 21.25)",)
    assert row.interval == Between(D("18.5"), D("21.25"))
    assert "What is printed after ± (SD) tells how far people differed." in chart.notes
    assert not any("The line shows" in note for note in chart.notes), "the line is the interval"


def test_an_outcome_without_a_number_gets_no_chart(trial: Study) -> None:
    value(outcome(trial), words="improved", p="< 0.05")
    assert not list(outcome_charts(trial))
    assert not charts_of(weighed(trial))


def test_points_of_different_questionnaires_never_share_a_scale(trial: Study) -> None:
    for measure in ("VAS", "FIQ"):
        difference(outcome(trial, measure=measure), "-2", "-1")
    assert [plot.title for plot in forest_plots(trial)] == [
        "Pain (VAS): differences between the groups",
        "Pain (FIQ): differences between the groups",
    ]


def test_standardised_differences_share_one_scale_where_the_direction_is_one(trial: Study) -> None:
    for name, measure, better in (
        ("Pain", "VAS", "lower"),
        ("Impact", "FIQ", "lower"),
        ("Sleep", "", "higher"),
    ):
        difference(outcome(trial, name, measure=measure, better=better), "-2", "-1", kind="standardised")
    assert [len(plot.differences) for plot in forest_plots(trial)] == [2, 1]
    assert [plot.figure for plot in forest_plots(trial)] == ["standardised mean difference"] * 2


def test_a_ratio_is_not_drawn_on_a_plain_scale(trial: Study) -> None:
    difference(outcome(trial), "0.5", "2", kind="ratio")
    assert not list(forest_plots(trial))


def test_a_pooled_result_names_the_treatment_where_it_is_named_in_short(trial: Study) -> None:
    difference(outcome(trial), "-2", "-1", arm=None, against=None)
    (plot,) = forest_plots(trial)
    assert plot.sides == ("favours the treatment", "favours the comparison")
    trial.intervention = "Manual therapy: with the hands."
    (plot,) = forest_plots(trial)
    assert plot.sides == ("favours Manual therapy", "favours the comparison")


def test_numbers_that_cannot_be_drawn_leave_the_page_whole(client: Client) -> None:
    five = Study.objects.create(title="Five groups", design=Study.Design.RANDOMISED)
    when = TimePoint.objects.create(study=five, label="then")
    pain = outcome(five)
    for number in range(5):
        Result.objects.create(
            outcome=pain, time=when, estimate=D(1), arm=Arm.objects.create(study=five, name=f"Group {number}")
        )
    article = weighed(five)
    answer = client.get(article.get_absolute_url())
    assert answer.status_code == 200
    assert '<figure class="chart">' not in answer.content.decode()


def test_the_wider_evidence_is_drawn_only_where_it_compares(trial: Study) -> None:
    other = Study.objects.create(title="Another", design=Study.Design.REVIEW)
    when = TimePoint.objects.create(study=other, label="in the end")
    pooled = outcome(other)
    Result.objects.create(outcome=pooled, kind="difference", time=when, low=D(-1), high=D(1))
    value(outcome(trial), estimate=D(5))
    assert [[type(chart).__name__ for chart in one.charts] for one in charts_of(weighed(trial, other))] == [
        ["OutcomeChart"],
        ["ForestPlot"],
    ]
    assert [one.study for one in charts_of(weighed(other, trial))] == [other]


def test_the_page_shows_the_first_chart_and_keeps_the_others_a_press_away(
    client: Client, trial: Study
) -> None:
    for name in ("Pain", "Sleep & <b>rest</b>"):
        value(outcome(trial, name), estimate=D("5.5"), sd=D(1))
    html = client.get(weighed(trial).get_absolute_url()).content.decode()
    before, _, rest = html.partition('<details class="more-charts">')
    assert before.count('<figure class="chart">') == rest.count('<figure class="chart">') == 1
    assert "1 more chart<" in rest
    assert "<b>rest" not in html
    assert html.index('id="charts"') < html.index('id="full-story"')
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    tables = re.findall(r"<table>.*?</table>", html, re.DOTALL)
    assert all("<caption>" in table and 'scope="col"' in table and 'scope="row"' in table for table in tables)
    assert "style=" not in "".join(re.findall(r"<svg role=\"img\".*?</svg>", html, re.DOTALL))


def test_a_post_without_a_study_has_no_empty_section(client: Client) -> None:
    assert 'class="charts"' not in client.get(make_article().get_absolute_url()).content.decode()


def test_charts_ask_the_database_nothing_more(trial: Study) -> None:
    for number in range(20):
        pain = outcome(trial, f"Outcome {number}")
        value(pain, estimate=D(number))
        difference(pain, "-1", "1")
    article = weighed(trial)
    with CaptureQueriesContext(connection) as queries:
        assert len(charts_of(article)[0].charts) == 21
    assert len(queries) == 0
