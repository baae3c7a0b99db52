"""The runner, the modules and the guide know of the same measurements."""

from argparse import ArgumentTypeError
from importlib import import_module
from pathlib import Path

import pytest

import benchmarks.rows
from benchmarks.__main__ import ALL, _names
from fibroblog.launcher.processes import ROOT


def test_the_runner_knows_every_measurement_that_is_there() -> None:
    there = {path.stem for path in Path(benchmarks.rows.__path__[0]).glob("[!_]*.py")}
    assert there == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_each_can_be_asked_for_its_rows_and_the_guide_tells_of_it(name: str) -> None:
    assert callable(import_module(f"benchmarks.rows.{name}").rows)
    assert f"`{name}`" in (ROOT / "docs" / "benchmarks.md").read_text()


def test_an_unknown_name_is_refused() -> None:
    assert _names("posts,hits") == ("posts", "hits")
    with pytest.raises(ArgumentTypeError, match="hints"):
        _names("hits,hints")
