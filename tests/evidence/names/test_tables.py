"""The tables hold together: every alias finds its entity, every reference is real, contexts decide what is shared."""

from __future__ import annotations

import csv
from collections import defaultdict
from importlib.resources import files

import pytest

from ytterby.evidence.names import KINDS, Entity, entities, find, lookup
from ytterby.evidence.names.entities import read_rows
from ytterby.terms.elements import RECORDS
from ytterby.terms.materials import materials
from ytterby.terms.places import place
from ytterby.terms.stages import STAGES
from ytterby.terms.text import fold

ALL = entities()
BY_ID = {one.id: one for one in ALL}
CONTEXTS = {(fold(row["alias"]), row["entity"]) for row in read_rows("contexts")}


def test_there_are_enough() -> None:
    assert len(ALL) >= 700
    assert sum(len(one.names) for one in ALL) >= 2500
    assert {one.kind for one in ALL} == set(KINDS)


def _key(name: str) -> str:
    """As the finder tells names apart: short Latin ones as written, others in any case."""
    plain = fold(name).replace("-", " ")
    return plain if len(plain) <= 3 and plain.isascii() else plain.lower()


def test_no_two_entities_share_a_name_unless_a_context_decides() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for one in ALL:
        for name in one.names:
            owners[_key(name)].add(one.id)
    shared = {name: ids for name, ids in owners.items() if len(ids) > 1}
    undecided = {name: ids for name, ids in shared.items() if not any((fold(name), i) in CONTEXTS for i in ids)}
    assert undecided == {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_finds_its_entity(kind: str) -> None:
    lost = []
    for one in entities(kind):
        for name in one.names:
            text = fold(name)
            if (text, one.id) in CONTEXTS:
                continue
            hits = find(f"（{text}）" if not text.isascii() else f"({text})")
            if not any(hit.start == 1 and hit.end == len(text) + 1 and hit.entity is one for hit in hits):
                lost.append((name, one.id, [hit.entity.id for hit in hits]))
    assert lost == []


def test_names_with_a_context_are_found_where_it_allows() -> None:
    lost = []
    for row in read_rows("contexts"):
        text = fold(row["alias"])
        if row["before"] or row["after"]:
            continue
        assert row["entity"] in BY_ID
        hits = find(f"（{text}）")
        if not any(hit.entity.id == row["entity"] for hit in hits):
            lost.append((row["alias"], row["entity"]))
    assert lost == []


@pytest.mark.parametrize("kind", KINDS)
def test_references_are_real(kind: str) -> None:
    for one in entities(kind):
        _check(one)


def _check(one: Entity) -> None:
    assert one.en
    assert one.parent == "" or one.parent in BY_ID
    assert one.parent != one.id
    assert one.material == "" or one.material in materials()
    assert all(symbol in RECORDS for symbol in one.elements)
    assert one.stage == "" or one.stage in {stage.id for stage in STAGES}
    assert len(set(one.names)) == len(one.names)
    assert all(name == name.strip() and name for name in one.names)
    if one.place and one.kind != "person":
        assert place(one.place).code == one.place


def test_facilities_are_those_of_the_world() -> None:
    text = files("ytterby").joinpath("data", "world", "facilities.csv").read_text(encoding="utf-8")
    known = {row["id"] for row in csv.DictReader(text.splitlines())}
    told = [(one.kind, one.facility) for one in ALL if one.facility]
    assert {facility for _, facility in told} <= known
    assert len(told) == len(set(told))
    assert len(told) >= 40


def test_instruments_of_the_regimes_bear_their_ids() -> None:
    folder = files("ytterby").joinpath("data", "regimes")
    regimes = {entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")}
    assert regimes <= {one.id for one in entities("instrument")}


def test_contexts_are_for_names_there_are() -> None:
    for row in read_rows("contexts"):
        assert lookup(row["alias"]) is not None, row["alias"]
        assert any(row[column] for column in ("before", "not_before", "after", "not_after")), row["alias"]


def test_every_element_is_found_in_both_languages_and_scripts() -> None:
    for symbol, record in RECORDS.items():
        for name in (record.en, record.zh, *record.zh_hant):
            hits = find(fold(f"（{name}）"))
            assert [symbol in hit.entity.elements for hit in hits] == [True], name
