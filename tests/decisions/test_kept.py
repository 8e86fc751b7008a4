"""A decision on file says what it was made from, and never changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ytterby import RunError, UnknownName
from ytterby.decisions import kept

TITLE = {"en": "Buy now", "zh": "立即采购"}


def _kept(folder: Path, seed: int, kind: str = "hedge") -> kept.Decision:
    return kept.keep(folder, kind, {"seed": seed}, TITLE, "abc", {"cost": 3.5, "day": None})


def test_what_is_kept_comes_back_whole_and_does_not_change(tmp_path: Path) -> None:
    one = _kept(tmp_path, 1)
    assert kept.load(tmp_path, "hedge", one.id[:5]) == one
    assert kept.find(tmp_path, "hedge", {"seed": 1}) == one
    assert kept.find(tmp_path, "hedge", {"seed": 2}) is None
    again = kept.keep(tmp_path, "hedge", {"seed": 1}, TITLE, "abc", {"cost": 4.5})
    assert again == one


def test_kinds_stand_apart_and_the_newest_comes_first(tmp_path: Path) -> None:
    assert _kept(tmp_path, 1).id != _kept(tmp_path, 1, "invest").id
    _kept(tmp_path, 2)
    assert len(kept.listing(tmp_path)) == 3
    assert {one.kind for one in kept.listing(tmp_path, "hedge")} == {"hedge"}
    assert kept.load(tmp_path, "invest", "latest").kind == "invest"


def test_nice_errors(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="answer of hedge"):
        kept.load(tmp_path, "hedge", "latest")
    one = _kept(tmp_path, 1)
    (tmp_path / f"hedge-{one.id}.json").write_text("{}")
    with pytest.raises(RunError, match="cannot be read"):
        kept.load(tmp_path, "hedge", "latest")
    with pytest.raises(ValueError, match="not JSON compliant"):
        kept.keep(tmp_path, "hedge", {"seed": 9}, TITLE, "", {"cost": float("inf")})
    assert not list(tmp_path.glob("*9*.json.part"))
