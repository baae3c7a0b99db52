"""Rows, aims, what a run says in the end and which exit code it has."""

import json

import pytest

from benchmarks import table
from benchmarks.table import Part, Row, at_least, at_most

MET = Row("home, beside nginx", 30_000.0, "/s", 0.5, "R1", at_least(0.4))
MISSED = Row("home: p99", 12.5, "ms", aim=at_most(10))
PLAIN = Row("R2: a bare view", 13_000.0, "/s")


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (MET, True),
        (MISSED, False),
        (PLAIN, None),
        (Row("on the line", 10.0, "ms", aim=at_most(10)), True),
        (Row("the ratio counts, not the value", 1.0, "/s", 0.39, "R1", at_least(0.4)), False),
        (Row("nothing stale", 0, "", aim=at_most(0)), True),
    ],
)
def test_an_aim_is_one_for_the_ratio_where_there_is_one(row: Row, met: bool | None) -> None:
    assert row.is_met is met


@pytest.mark.parametrize(
    ("parts", "strict", "code"),
    [
        ([Part("hits", [MET, PLAIN])], True, 0),
        ([Part("hits", [MET, MISSED])], False, 0),
        ([Part("hits", [MET]), Part("home", [MISSED])], True, 1),
        ([Part("front", left_out="no nginx")], True, 0),
        ([Part("posts", [MET], failed="exit code 1")], False, 1),
    ],
)
def test_a_missed_aim_fails_a_strict_run_and_a_broken_measurement_fails_any(
    parts: list[Part], strict: bool, code: int
) -> None:
    assert table.exit_code(parts, strict=strict) == code


def test_the_table_says_what_was_met_missed_left_out_and_broken() -> None:
    parts = [
        Part("hits", [MET, MISSED, PLAIN]),
        Part("front", left_out="no nginx"),
        Part("posts", failed="exit code 1"),
    ]
    text = [" ".join(line.split()) for line in table.lines(parts)]
    assert text[1:] == [
        "-- hits",
        "home, beside nginx 30,000 /s 0.500 R1 ≥ 0.4 met",
        "home: p99 12.50 ms ≤ 10 MISSED",
        "R2: a bare view 13,000 /s",
        "-- front",
        "left out: no nginx",
        "-- posts",
        "FAILED: exit code 1",
    ]


@pytest.mark.parametrize("row", [MET, MISSED, PLAIN])
def test_a_row_survives_being_written_down(row: Row) -> None:
    assert Row.from_json(json.loads(json.dumps(row.as_json()))) == row


def test_the_report_says_of_each_row_whether_it_is_met() -> None:
    report = table.report({"machine": "a small one"}, [Part("hits", [MET, MISSED, PLAIN])])
    assert report["facts"] == {"machine": "a small one"}
    assert [row["met"] for row in report["parts"][0]["rows"]] == [True, False, None]
