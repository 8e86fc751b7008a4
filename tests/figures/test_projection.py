"""Equal Earth against its own paper: published proportions, true areas, the way back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.figures.projection import A1, equal_earth, unproject

longitudes, latitudes = st.floats(-180, 180), st.floats(-89.9, 89.9)


def test_the_middle_of_the_map() -> None:
    assert equal_earth(0, 0) == (0, 0)


def test_published_proportions() -> None:
    """Šavrič, Patterson and Jenny: pole line 0.59247 of the equator, height 0.48672 of the width."""
    half_equator, _ = equal_earth(180, 0)
    half_pole, height = equal_earth(180, 90)
    assert half_equator == pytest.approx(2 * math.sqrt(3) * math.pi / (3 * A1), rel=1e-12)
    assert half_equator == pytest.approx(2.70663, abs=1e-5)
    assert height == pytest.approx(1.3173627591574, abs=1e-9)
    assert half_pole / half_equator == pytest.approx(0.59247, abs=5e-5)
    assert height / half_equator == pytest.approx(0.48672, abs=5e-5)


@given(longitudes, latitudes)
def test_areas_are_true(longitude: float, latitude: float) -> None:
    step = 1e-4
    east = equal_earth(longitude + step, latitude)[0] - equal_earth(longitude - step, latitude)[0]
    north = equal_earth(longitude, latitude + step)[1] - equal_earth(longitude, latitude - step)[1]
    # Meridians bend, parallels do not: the area element is dx/dλ · dy/dφ.
    area = east * north / math.radians(2 * step) ** 2
    assert area == pytest.approx(math.cos(math.radians(latitude)), abs=2e-5)


@given(longitudes, latitudes)
def test_there_and_back(longitude: float, latitude: float) -> None:
    assert unproject(*equal_earth(longitude, latitude)) == pytest.approx((longitude, latitude), abs=1e-7)


@given(longitudes, latitudes)
def test_east_and_west_north_and_south_mirror(longitude: float, latitude: float) -> None:
    x, y = equal_earth(longitude, latitude)
    assert equal_earth(-longitude, -latitude) == pytest.approx((-x, -y), abs=1e-12)
