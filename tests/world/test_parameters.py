"""Numbers by name, and the sums that cells write with them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.terms.errors import BadValue, InputError, UnknownName
from ytterby.world.parameters import Parameters, Value

NUMBERS = st.floats(0.01, 100)


def _parameters(**values: float) -> Parameters:
    return Parameters({}, {f"a:{name}": Value(f"a:{name}", value, value, value) for name, value in values.items()})


@given(NUMBERS, NUMBERS, NUMBERS)
def test_sums_are_those_of_arithmetic(x: float, y: float, z: float) -> None:
    parameters = _parameters(x=x, y=y, z=z)
    assert parameters.number("a:x * (1 - a:y / a:z)") == pytest.approx(x * (1 - y / z))
    assert parameters.number("mean(a:x, a:y) - -a:z") == pytest.approx((x + y) / 2 + z)


@given(st.text(max_size=40))
def test_wild_cells_give_a_number_or_an_error_for_a_user(text: str) -> None:
    try:
        value: object = _parameters(x=2.0).number(text, "t.csv line 2")
    except InputError as error:
        value = error
    assert isinstance(value, float) or getattr(value, "place", "") == "t.csv line 2"


@pytest.mark.parametrize("text", ["__import__('os')", "[1]", "1 if 1 else 2", "2 ** 9", "", "max(1, 2)", "1/0"])
def test_nothing_but_sums(text: str) -> None:
    with pytest.raises(BadValue):
        _parameters(x=1.0).number(text)


def test_nearest_name_is_suggested() -> None:
    with pytest.raises(UnknownName) as caught:
        _parameters(kachin=1.0).number("a:kachn", "facilities.csv line 3, column capacity")
    assert "a:kachin" in caught.value.remedy


def test_per_cent_become_shares() -> None:
    weighed = {"c:x": Value("c:x", 25.0, 20.0, 30.0, "wt%", "lognormal")}
    found = Parameters(weighed, {}).get("c:x")
    assert (found.value, found.low, found.high) == (0.25, 0.2, 0.3)


@given(NUMBERS, st.floats(1.01, 5), st.floats(1.01, 5), st.floats(0.05, 1))
def test_pinning_narrows_and_keeps_the_order(median: float, down: float, up: float, power: float) -> None:
    value = Value("p:x", median, median / down, median * up, "t", "lognormal")
    parameters = Parameters({}, {"p:x": value})
    row = parameters.table()[0], parameters.uncertain("p:x", power)
    entry = parameters.table()[row[1]]
    assert value.low * (1 - 1e-9) <= entry.low <= entry.median <= entry.high <= value.high * (1 + 1e-9)
    assert math.log(entry.high / median) == pytest.approx(power * math.log(up))
    assert parameters.uncertain("p:x") == row[1]


def test_what_has_no_spread_is_certain() -> None:
    parameters = _parameters(x=2.0)
    assert parameters.uncertain("a:x") == 0
    assert parameters.uncertain("a:unknown") == 0
    assert len(parameters.table()) == 1
