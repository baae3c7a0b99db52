"""What wrk says, and ratios of rounds."""

import pytest

from benchmarks import wrk
from benchmarks.wrk import Measured, Wrong

SAID = """Running 2s test @ http://127.0.0.1:8000/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.23ms    2.34ms  30.12ms   91.34%
    Req/Sec    16.31k     1.13k   18.00k    75.00%
  Latency Distribution
     50%  635.00us
     75%    1.10ms
     90%    2.00ms
     99%    {p99}
  32619 requests in 2.00s, 17.98MB read
{trouble}Requests/sec:  16309.50
Transfer/sec:      8.99MB
"""


# wrk pads short units.
@pytest.mark.parametrize(
    ("p99", "milliseconds"),
    [("14.59ms", 14.59), ("1.20s ", 1_200.0), ("880.00us", 0.88), ("1.50m ", 90_000.0)],
)
def test_percentiles_are_read_in_milliseconds(p99: str, milliseconds: float) -> None:
    measured = wrk.parse(SAID.format(p99=p99, trouble=""))
    assert measured.p99 == pytest.approx(milliseconds)
    assert (measured.rate, measured.p50, measured.requests) == (16_309.5, 0.635, 32_619)


@pytest.mark.parametrize(
    "trouble",
    [
        "  Socket errors: connect 0, read 3, write 0, timeout 0\n",
        "  Non-2xx or 3xx responses: 12\n",
    ],
)
def test_figures_with_failed_requests_count_for_nothing(trouble: str) -> None:
    with pytest.raises(Wrong, match=trouble.strip()):
        wrk.parse(SAID.format(p99="1.00ms", trouble=trouble))


@pytest.mark.parametrize("said", ["", "unable to connect", SAID.replace("99%", "98%")])
def test_what_holds_no_figures_is_refused(said: str) -> None:
    with pytest.raises(Wrong):
        wrk.parse(said)


def rounds(*rates: float) -> list[Measured]:
    return [Measured(rate, 1.0, 2.0, 100) for rate in rates]


def test_a_ratio_is_the_median_of_what_each_round_says() -> None:
    # The machine was busy in the second round, for both alike.
    assert wrk.ratio(rounds(50, 5, 60), rounds(100, 10, 100)) == 0.5


def test_everybody_is_measured_once_a_round() -> None:
    order: list[str] = []

    def measure(name: str) -> Measured:
        order.append(name)
        return rounds(len(order))[0]

    found = wrk.interleave({"ours": lambda: measure("ours"), "R1": lambda: measure("R1")}, 2)
    assert order == ["ours", "R1", "ours", "R1"]
    assert [one.rate for one in found["R1"]] == [2, 4]
