"""Triage: nothing said is lost, an alarm keeps what was said of it, a torn line spoils nothing; errors of registers."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.custody.moved import born, gone, grounded, piece

from ytterby.custody.alarms.finding import alarms
from ytterby.custody.alarms.triage import FILE, STATES, history, say, triaged
from ytterby.custody.registry import Registry
from ytterby.rules import pages
from ytterby.terms.errors import BadValue, InputError, StoreError, UnknownName

ends = st.lists(
    st.tuples(st.sampled_from(["a1", "b2"]), st.sampled_from(STATES), st.text(min_size=1).filter(str.strip))
)


@given(ends)
def test_all_that_was_said_stays_in_its_order(said: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as name:
        folder, made = Path(name), []
        for alarm, state, why in said:
            try:
                made.append(say(folder, alarm, state, who="somebody", why=why))
            except BadValue:
                # what JSON cannot hold (half a surrogate pair) is refused whole
                assert any("\ud800" <= sign <= "\udfff" for sign in why)
        found = history(folder)
        assert [one for alarm in found for one in found[alarm]] == sorted(
            made, key=lambda one: list(found).index(one.alarm)
        )
        assert sum(map(len, found.values())) == len(made)


def test_an_alarm_found_again_keeps_what_was_said_of_it(tmp_path: Path) -> None:
    events = [born(0, "sep", piece("a", 100.0)), gone(3, "sep", piece("a", 150.0))]
    (one,) = alarms(grounded(tmp_path / "before", events))
    say(tmp_path, one.id, "looking", who="W", why="", known=[one.id])
    say(tmp_path, one.id, "explained", who="W", why="a slip of the scales", known=[one.id])
    later = [*events, born(90, "mine", piece("b", 5.0)), gone(95, "sep", piece("c", 7.0))]
    (again, *_) = triaged(alarms(grounded(tmp_path / "after", later)), history(tmp_path))
    assert again.alarm.id == one.id
    assert again.state == "explained"
    assert [said.state for said in again.history] == ["looking", "explained"]
    assert again.to_dict()["history"][1]["why"] == "a slip of the scales"


def test_what_cannot_be_said_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    say(tmp_path, "a1", "looking", who="W", why="")
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(UnknownName, match="closed"):
        say(tmp_path, "a1", "closed", who="W", why="x")
    with pytest.raises(UnknownName, match="zz"):
        say(tmp_path, "zz", "open", who="W", why="x", known=["a2"])
    with pytest.raises(BadValue, match="who"):
        say(tmp_path, "a1", "open", who=" ", why="x")
    with pytest.raises(BadValue, match="reason"):
        say(tmp_path, "a1", "dismissed", who="W", why=" ")
    assert (tmp_path / FILE).read_bytes() == before
    # what was decided on before may be decided on again, also where the alarm is gone
    say(tmp_path, "a1", "dismissed", who="W", why="gone", known=[])


def test_a_torn_line_was_never_said_and_a_broken_one_is_named(tmp_path: Path) -> None:
    say(tmp_path, "a1", "looking", who="W", why="")
    whole = (tmp_path / FILE).read_bytes()
    for cut in range(len(whole) - 1):
        (tmp_path / FILE).write_bytes(whole + whole[:cut])
        assert len(history(tmp_path)["a1"]) == 1
    say(tmp_path, "a1", "open", who="W", why="")
    assert [one.state for one in history(tmp_path)["a1"]] == ["looking", "open"]
    (tmp_path / FILE).write_bytes(b"not a decision\n" + whole)
    with pytest.raises(StoreError, match="line 1"):
        history(tmp_path)


GOOD = """\
facilities:
  - {id: sep, addresses: ["https://x.example/sep"], place: CN, lat: 29.9, lon: 121.5, recipes: [melt]}
parties:
  - {id: firm, name: Firm, owners: {Other: 0.5}, needs_kg_month: {Dy: 12}}
recipes:
  - {id: melt, yields: {"": [0.93, 0.97], Dy: [0.9, 0.95]}}
lots:
  - {prefix: "https://x.example/lot/", material: oxide.Dy, composition: {Dy: 0.87}}
"""


def read(text: str, tmp_path: Path) -> Registry:
    path = tmp_path / "registry.yaml"
    path.write_text(text, encoding="utf-8")
    return pages.read(path, Registry)


def test_a_registry_is_read(tmp_path: Path) -> None:
    known = read(GOOD, tmp_path)
    found = known.facility("https://x.example/sep")
    assert found is not None
    assert found.id == "sep"
    assert known.recipes[0].yields["Dy"] == (0.9, 0.95)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("lat: 29.9", "lat: 99.0", "line 2"),
        ("place: CN", "plaec: CN", "plaec"),
        ("[0.93, 0.97]", "[0.97, 0.93]", "lesser first"),
        ("Dy: [0.9", "Dx: [0.9", "Dx"),
        ("{Other: 0.5}", "{Other: 1.5}", "line 4"),
        ("  - {id: melt", "  - {id: melt}\n  - {id: melt", "twice"),
        ("parties:", '  - {id: two, addresses: ["https://x.example/sep"]}\nparties:', "two"),
        ("lots:", "lotz:", "lotz"),
    ],
)
def test_what_is_wrong_in_a_registry_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError, match=told) as error:
        read(GOOD.replace(old, new, 1), tmp_path)
    assert "registry.yaml" in str(error.value)
