"""The verb `indices`: bands by element, stage and country, for people and machines."""

from __future__ import annotations

from typing import Any

import pytest


def test_indices_are_told(ask: Any) -> None:
    rows = ask("indices", "--element", "Dy", "--stage", "magnet", "--draws", "3", "--json").value
    assert {row["index"] for row in rows} == {
        "hhi",
        "import_dependence",
        "import_reliance",
        "geopolrisk",
        "eu_supply_risk",
    }
    assert {row["country"] for row in rows} == {"WLD", "EU"}
    told = ask("indices", "--element", "Dy", "--stage", "magnet", "--draws", "3")
    assert told.status == 0
    assert "geopolrisk" in told.out
    assert "assumed" in told.err
    more = ask("indices", "--element", "Dy", "--stage", "magnet", "--draws", "3", "--country", "all", "--json").value
    assert {"JP", "US", "CN", "DE"} <= {row["country"] for row in more}
    assert [row for row in more if row["country"] == "WLD"] == [row for row in rows if row["country"] == "WLD"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--element", "Dyy"), "did you mean 'Dy'"),
        (("--stage", "magnets"), "did you mean 'magnet'"),
        (("--country", "JPN"), "country of the world 'JPN'"),
        (("--draws", "0"), "draws"),
        (("--known", "2019-01-01"), "what to do"),
    ],
)
def test_nice_errors(ask: Any, words: tuple[str, ...], said: str) -> None:
    told = ask("indices", *words)
    assert told.status == 1
    assert said in told.err
