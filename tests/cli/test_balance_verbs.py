"""The verbs balance, alarms and emit: what they answer fits its schema, and triage is kept."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from tests.cli.conftest import Ask
from tests.custody.moved import born, counted, gone, piece, where

from ytterby.custody.epcis import emit

STORY = [
    born(0, "sep", piece("a", 100.0, "oxide.Dy", Dy=0.87)),
    counted(10, "sep", piece("a", 100.0)),
    gone(20, "sep", piece("a", 150.0)),
]


@pytest.fixture
def tracked(ask: Ask, tmp_path: Path) -> Ask:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"".join(orjson.dumps(emit.raw(one)) + b"\n" for one in STORY))
    assert ask("capture", str(path), "--json").value["captured"] == 3
    registry = f'facilities: [{{id: sep, addresses: ["{where("sep")}"], place: CN}}]\n'
    (tmp_path / "project" / "custody" / "registry.yaml").write_text(registry, encoding="utf-8")
    return ask


def test_a_balance_by_element_and_month(tracked: Ask) -> None:
    rows = tracked("balance", "sep", "--json").value
    assert {row["element"] for row in rows} == {"", "Dy"}
    (whole,) = [row for row in rows if not row["element"]]
    assert (whole["in"], whole["out"], whole["counted"]) == (100.0, 150.0, True)
    assert tracked("balance", where("sep"), "--month", "2026-01", "--json").value == rows
    assert "(mass)" in tracked("balance", "sep").out
    missing = tracked("balance", "sepp", "--json")
    assert missing.status == 1
    assert "sep" in missing.err
    assert tracked("balance", "sep", "--month", "January").status == 1


def test_alarms_are_listed_chosen_and_triaged(tracked: Ask) -> None:
    (one,) = tracked("alarms", "--json").value
    assert (one["kind"], one["state"], one["facility"]) == ("double_use", "open", "sep")
    assert tracked("alarms", "--grade", "law", "--json").value == []
    assert tracked("alarms", "--kind", "double_use", "--since", "2026-01-01", "--json").value == [one]
    assert tracked("alarms", "--since", "2026-02-01", "--json").value == []
    said = tracked("alarms", "triage", one["id"], "explained", "--why", "a slip", "--who", "W", "--json").value
    assert (said["state"], said["who"], said["why"]) == ("explained", "W", "a slip")
    (again,) = tracked("alarms", "--state", "explained", "--json").value
    assert again["history"] == [said]
    assert "explained" in tracked("alarms").out


def test_what_is_asked_wrongly_is_told(tracked: Ask) -> None:
    assert tracked("alarms", "triage", "ffffffffffff", "explained", "--why", "x", "--who", "W").status == 1
    assert tracked("alarms", "triage", "ffffffffffff", "closed", "--why", "x", "--who", "W").status == 1
    assert tracked("alarms", "triage", "x").status == 2
    assert tracked("alarms", "--why", "x").status == 2
    unknown = tracked("alarms", "--kind", "double")
    assert unknown.status == 1
    assert "double_use" in unknown.err
    assert tracked("alarms", "--only", "nothing").status == 1


def test_before_anything_was_captured_there_is_nothing(ask: Ask) -> None:
    assert ask("alarms", "--json").value == []
    assert ask("balance", "sep").status == 1


def test_emit_refuses_numbers_out_of_range_and_a_folder_that_is_there(ask: Ask, tmp_path: Path) -> None:
    for words in (("--planted", "-1"), ("--planted", "9999"), ("--weeks", "1"), ("--seed", "-1")):
        told = ask("emit", "baseline", "--out", str(tmp_path / "new"), *words)
        assert told.status == 1
        assert words[0].removeprefix("--") in told.err
    assert not (tmp_path / "new").exists()
    assert ask("emit", "baseline", "--out", str(tmp_path)).status == 1
