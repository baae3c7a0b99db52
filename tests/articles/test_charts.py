"""Charts that cannot mislead: what they say, what they leave undrawn, and where everything stands on paper."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from articles.chart_drawing import EDGE, WIDTH, draw, scale_of, svg, width, wrap
from articles.charts import (
    NOT_REPORTED,
    Better,
    Between,
    CannotDraw,
    Chart,
    Group,
    OutcomeChart,
    PlusMinus,
    Spread,
    Value,
    number,
)
from articles.forest import Difference, ForestPlot, Verdict

D = Decimal
SVG = "{http://www.w3.org/2000/svg}"


def outcome(
    *groups: Group, times: tuple[str, ...] = ("before", "after 20 weeks", "6 months later"), **more: object
) -> OutcomeChart:
    return OutcomeChart("pain-1", "Pain (McGill)", Better.LOWER, times, groups, **more)  # type: ignore[arg-type]


def forest(*differences: Difference, better: Better = Better.LOWER) -> ForestPlot:
    return ForestPlot("all-1", "Differences", "release", "sham", better, differences)


def between(low: str, high: str) -> Between:
    return Between(D(low), D(high))


TREATED = Group(
    "Release",
    (
        Value("after 20 weeks", D("20.6"), PlusMinus(D("6.3")), "P < 0.032"),
        Value("6 months later", D("8.25"), PlusMinus(D("1.13")), "P < 0.048"),
    ),
)
TRIAL = outcome(TREATED, Group("Sham"))
REVIEW = forest(
    Difference("Pain", D("-0.42"), between("-1.14", "0.30")),
    Difference("Global improvement", D("-1.13"), between("-1.68", "-0.57")),
    Difference("Severity", D("-0.62"), between("-1.22", "-0.03")),
)


def texts(chart: Chart) -> list[str]:
    return [word.text for word in draw(chart).words]


def parsed(chart: Chart) -> ElementTree.Element:
    # An SVG inside HTML needs no namespace; a parser of XML does.
    return ElementTree.fromstring(svg(chart).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))  # noqa: S314  # our own


# ---------------------------------------------------------------- what the paper does not report


def test_a_group_without_numbers_is_named_and_not_drawn() -> None:
    drawing = draw(TRIAL)
    assert len(drawing.marks) == 2
    assert [word.text for word in drawing.words if word.text in ("Sham", NOT_REPORTED)] == [
        "Sham",
        NOT_REPORTED,
    ]
    assert {mark.shape.value for mark in drawing.marks} == {"disc"}


def test_with_one_group_known_nothing_is_compared_and_the_words_say_so() -> None:
    assert TRIAL.conclusion == (
        "Release: after 20 weeks 20.6; 6 months later 8.25. Sham: no numbers reported here, so nothing is compared."
    )
    assert "better" not in TRIAL.conclusion


def test_a_time_without_numbers_is_named_and_not_drawn() -> None:
    assert "Before: not reported here" in texts(TRIAL)
    assert [row[2] for row in TRIAL.table] == [NOT_REPORTED, "20.6", "8.25", *[NOT_REPORTED] * 3]


def test_words_in_place_of_a_number_are_told_and_not_drawn() -> None:
    chart = outcome(
        Group("Release", (Value("before", D(5)), Value("after 20 weeks", p="P < 0.05", words="improved")))
    )
    assert "After 20 weeks: improved, no number here, P < 0.05" in " ".join(texts(chart))
    assert len(draw(chart).marks) == 1


def test_an_interval_without_its_middle_is_drawn_without_a_mark() -> None:
    chart = forest(Difference("against control", interval=between("-5.10", "-1.26")))
    drawing = draw(chart)
    assert drawing.marks == ()
    assert len([line for line in drawing.strokes if line.kind == "interval"]) == 3
    assert "−5.10 to −1.26" in texts(chart)
    assert chart.table == [["against control", NOT_REPORTED, "−5.10 to −1.26", "better with release"]]
    assert "Where no mark stands on the line, the source gives only the interval." in chart.notes


def test_a_difference_without_any_number_is_a_named_empty_row() -> None:
    chart = forest(Difference("Pain", D(-1)), Difference("Sleep"))
    assert "Sleep: not reported here" in texts(chart)
    assert len(draw(chart).marks) == 1


@pytest.mark.parametrize(
    "groups", [(), (Group("Release"),), (Group("Release", (Value("before", words="improved"),)),)]
)
def test_without_any_number_there_is_no_chart(groups: tuple[Group, ...]) -> None:
    with pytest.raises(CannotDraw, match="no number"):
        outcome(*groups)


# ---------------------------------------------------------------- never more than the interval carries


@pytest.mark.parametrize(
    ("low", "high", "better", "verdict"),
    [
        ("-1.14", "0.30", Better.LOWER, Verdict.UNCLEAR),
        ("-1.14", "0", Better.LOWER, Verdict.UNCLEAR),
        ("0", "2", Better.HIGHER, Verdict.UNCLEAR),
        ("0", "0", Better.LOWER, Verdict.UNCLEAR),
        ("-1.68", "-0.57", Better.LOWER, Verdict.TREATMENT),
        ("-1.68", "-0.57", Better.HIGHER, Verdict.COMPARISON),
        ("0.57", "1.68", Better.LOWER, Verdict.COMPARISON),
        ("0.57", "1.68", Better.HIGHER, Verdict.TREATMENT),
        ("-1.22", "-0.03", Better.LOWER, Verdict.TREATMENT_BARELY),
        ("0.03", "1.22", Better.LOWER, Verdict.COMPARISON_BARELY),
    ],
)
def test_the_verdict_is_the_intervals(low: str, high: str, better: Better, verdict: Verdict) -> None:
    assert Difference("Pain", None, between(low, high), "P < 0.001").verdict(better) is verdict


def test_an_estimate_without_an_interval_is_not_judged_whatever_its_p() -> None:
    assert Difference("Pain", D(-9), p="P < 0.001").verdict(Better.LOWER) is Verdict.UNJUDGED


def test_the_conclusion_of_a_review_names_every_outcome_once() -> None:
    assert REVIEW.conclusions == [
        "Better with release: Global improvement.",
        "Better with release, perhaps by very little: Severity.",
        "No clear difference: Pain.",
    ]


def test_groups_side_by_side_are_told_and_not_judged() -> None:
    chart = outcome(TREATED, Group("Sham", (Value("after 20 weeks", D(60), PlusMinus(D(1))),)))
    assert chart.conclusion.endswith(
        "These numbers alone do not tell whether the groups differ by more than chance."
    )
    assert len({mark.shape for mark in draw(chart).marks}) == 2


def test_one_group_alone_is_said_to_be_alone() -> None:
    assert outcome(TREATED).conclusion.endswith("There was no other group to compare with.")


@pytest.mark.parametrize("better", Better)
def test_the_words_stand_on_the_side_that_they_name(better: Better) -> None:
    left, right = forest(Difference("Pain", D(1)), better=better).sides
    assert (left, right) == (
        ("favours release", "favours sham") if better is Better.LOWER else ("favours sham", "favours release")
    )


def test_every_kind_of_line_says_what_it_is() -> None:
    assert any("standard deviation" in note and "not how sure" in note for note in TRIAL.notes)
    assert any("95% confidence interval" in note for note in REVIEW.notes)
    error = outcome(Group("Release", (Value("before", D(5), PlusMinus(D(1), Spread.ERROR)),)))
    assert "5 ± 1 SE" in texts(error)
    assert any("standard error" in note for note in error.notes)


def test_a_deviation_is_no_basis_for_a_verdict() -> None:
    with pytest.raises(CannotDraw, match="confidence"):
        Difference("Pain", D(-2), Between(D(-3), D(-1), Spread.DEVIATION))


# ---------------------------------------------------------------- numbers that cannot be drawn truly


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity", "1e9", "-1e30", "0.00001"])
def test_numbers_that_no_paper_holds_are_refused(bad: str) -> None:
    for make in (
        lambda: Value("before", D(bad)),
        lambda: PlusMinus(D(bad)),
        lambda: Between(D(bad), D(1)),
        lambda: Between(D(1), D(bad)),
        lambda: Difference("Pain", D(bad)),
    ):
        with pytest.raises(CannotDraw):
            make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: PlusMinus(D(-1)),
        lambda: between("2", "1"),
        lambda: Value("before", None, PlusMinus(D(1))),
        lambda: Value("before", D(3), between("1", "2")),
        lambda: Difference("Pain", D(3), between("1", "2")),
        lambda: outcome(Group("Release", (Value("never", D(1)),))),
        lambda: outcome(*[Group(str(n), (Value("before", D(n)),)) for n in range(5)]),
        lambda: OutcomeChart(
            'a"><b', "Pain", Better.LOWER, ("before",), (Group("A", (Value("before", D(1)),)),)
        ),
    ],
)
def test_what_contradicts_itself_is_refused(make: object) -> None:
    with pytest.raises(CannotDraw):
        make()  # type: ignore[operator]


# ---------------------------------------------------------------- the scale


@pytest.mark.parametrize(
    ("numbers", "both", "low", "high"),
    [
        (["8.25", "26.9"], False, "0", "30"),
        (["100.001", "100.002"], False, "0", "150"),
        (["-3", "-1"], False, "-3", "0"),
        (["0"], False, "0", "1"),
        (["-5.10", "-0.23"], True, "-6", "2"),
        (["-1.68", "0.40"], True, "-2", "1"),
        (["999999999"], False, "0", "1000000000"),
    ],
)
def test_the_scale_always_holds_zero(numbers: list[str], *, both: bool, low: str, high: str) -> None:
    scale = scale_of([D(n) for n in numbers], None, both_sides=both)
    assert (scale.low, scale.high) == (D(low), D(high))
    assert 0 in scale.ticks


def test_a_measure_with_a_known_range_is_drawn_on_the_whole_of_it() -> None:
    scale = scale_of([D(4), D(5)], between("1", "7"), both_sides=False)
    assert (scale.low, scale.high) == (D(1), D(7))
    assert (scale.x(D(1)), scale.x(D(7))) == (float(EDGE), float(WIDTH - EDGE))
    # What lies outside is never cut off: then the range is not used.
    assert scale_of([D(-1), D(5)], between("1", "7"), both_sides=False).low < 0


# ---------------------------------------------------------------- on paper

few = some.text(some.sampled_from("aM w<&'\"é漢W"), min_size=1, max_size=60).filter(str.strip)
decimals = some.decimals(-999_999, 999_999, places=2)
intervals = some.tuples(decimals, decimals).map(lambda ends: Between(min(ends), max(ends)))
differences = some.one_of(
    some.builds(Difference, few, some.none() | decimals, some.none(), some.sampled_from(["", "P < 0.05"])),
    some.builds(
        lambda label, i: Difference(label, i.low + (i.high - i.low).quantize(D(1), "ROUND_DOWN"), i),
        few,
        intervals,
    ),
    some.builds(lambda label, i: Difference(label, None, i), few, intervals),
)
spreads = some.none() | some.builds(PlusMinus, some.decimals(0, 9999, places=1), some.sampled_from(Spread))
values = some.one_of(
    some.builds(Value, some.just("t"), decimals, spreads), some.just(Value("t", words="improved"))
)
groups = some.builds(lambda name, found: Group(name, tuple(found)), few, some.lists(values, max_size=1))


def made(chart: object) -> Chart | None:
    try:
        return chart()  # type: ignore[no-any-return, operator]
    except CannotDraw:
        return None


charts = some.one_of(
    some.builds(
        lambda d, b: made(lambda: forest(*d, better=b)),
        some.lists(differences, max_size=5),
        some.sampled_from(Better),
    ),
    some.builds(
        lambda g, u: made(lambda: outcome(*g, times=("t", "u"), unit=u)), some.lists(groups, max_size=4), few
    ),
).filter(bool)


@settings(max_examples=150, deadline=None)
@given(charts)
def test_nothing_stands_outside_the_drawing(chart: Chart) -> None:
    drawing = draw(chart)
    for line in drawing.strokes:
        assert 0 <= min(line.x1, line.x2) <= max(line.x1, line.x2) <= WIDTH
        assert 0 <= min(line.y1, line.y2) <= max(line.y1, line.y2) <= drawing.height
    for mark in drawing.marks:
        assert 8 <= mark.x <= WIDTH - 8
        assert 8 <= mark.y <= drawing.height - 8
    for word in drawing.words:
        long = width(word.text)
        start = word.x - {"start": 0, "middle": long / 2, "end": long}[word.anchor]
        assert start >= -0.01
        assert start + long <= WIDTH + 0.01
        assert 0 < word.y <= drawing.height - 4


@settings(max_examples=150, deadline=None)
@given(charts)
def test_each_mark_has_its_number_printed_and_each_number_its_mark(chart: Chart) -> None:
    known = [row for row in chart.rows if row.estimate is not None]
    drawing = draw(chart)
    assert len(drawing.marks) == len(known)
    grounds = [line for line in drawing.strokes if line.kind == "ground"]
    assert len(grounds) == len([row for row in chart.rows if row.numbers])
    printed = "".join(word.text for word in drawing.words).replace(" ", "")
    for row in known:
        assert row.estimate is not None
        assert number(row.estimate) in printed
    in_table = {cell for row in chart.table for cell in row}
    assert {number(row.estimate) for row in known if row.estimate is not None} <= in_table
    ends = [row.interval for row in chart.rows if row.interval]
    assert all(interval.ends in " ".join(in_table) for interval in ends if isinstance(chart, ForestPlot))


@settings(max_examples=80, deadline=None)
@given(charts)
def test_the_picture_is_well_formed_and_the_same_each_time(chart: Chart) -> None:
    root = parsed(chart)
    assert svg(chart) == svg(chart)
    assert {child.tag.removeprefix(SVG) for child in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "path",
        "circle",
        "text",
    }
    for child in root.iter():
        assert not {"style", "href", "onload", "onclick"} & set(child.attrib)


def test_more_of_a_value_stands_further_to_the_right() -> None:
    after, later = draw(TRIAL).marks
    assert later.x < after.x


def test_the_picture_has_a_name_and_a_description_with_the_conclusion() -> None:
    root = parsed(TRIAL)
    named = {child.get("id"): child.text for child in root if child.get("id")}
    assert named == {"pain-1-title": TRIAL.title, "pain-1-says": f"{TRIAL.conclusion} Lower is better."}
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "pain-1-title pain-1-says"


def test_words_from_outside_stay_words() -> None:
    chart = forest(Difference("<script>alert(1)</script> & 'x'", D(1), between("0.5", "2")))
    assert "<script" not in svg(chart)
    assert "&lt;script&gt;" in svg(chart)


def test_p_is_printed_as_it_is_given() -> None:
    assert {"P < 0.032", "P < 0.048"} <= set(texts(TRIAL))


def test_numbers_keep_their_decimals_and_get_a_true_minus() -> None:
    assert [number(D(n)) for n in ("56.10", "-0.5", "1234567", "0")] == ["56.10", "−0.5", "1,234,567", "0"]


def test_a_word_longer_than_a_line_is_broken() -> None:
    lines = wrap("W" * 60, 300)
    assert "".join(lines) == "W" * 60
    assert all(width(line) <= 300 for line in lines)


def test_two_charts_on_a_page_share_no_id() -> None:
    ids = re.findall(r' id="([^"]+)"', svg(TRIAL) + svg(REVIEW))
    assert len(ids) == len(set(ids)) == 4
