"""Lists of parties: names that are the same name, days, what is not known, and errors."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.rules import parties, regimes
from ytterby.rules.parties import forms, spelt, stem
from ytterby.terms.errors import BadValue, DateOrder, InputError, UnknownName

LISTS = parties.load()
JAPAN = LISTS["cn-jp-control-2026-02-24"]
EUROPE = LISTS["cn-eu-control-2026-04-24"]
MEMBERS = [(one, party) for one in LISTS.values() for party in one.members]


@pytest.mark.parametrize(
    ("given_name", "listed"),
    [
        ("三菱重工業株式會社", "Mitsubishi Heavy Industries, Ltd."),
        ("mitsubishi  HEAVY industries", "Mitsubishi Heavy Industries, Ltd."),
        ("Mitsubishi Heavy Industries Co., Ltd.", "Mitsubishi Heavy Industries, Ltd."),
        ("MHI", "Mitsubishi Heavy Industries, Ltd."),
        ("株式会社IHIエアロスペース", "IHI Aerospace Co., Ltd."),
        ("ＩＨＩ Aerospace", "IHI Aerospace Co., Ltd."),
        ("NEC Corp.", "NEC Corporation"),
        ("防衛大学校", "National Defense Academy of Japan"),
        ("JAXA", "Japan Aerospace Exploration Agency"),
        ("川崎重工", "Kawasaki Heavy Industries, Ltd."),
    ],
)
def test_the_very_name_in_any_script(given_name: str, listed: str) -> None:
    found = JAPAN.find(given_name)
    assert found is not None
    assert found.name == listed


@pytest.mark.parametrize(
    "other", ["Mitsubishi Electric", "三菱电机", "NECTAR Corp.", "JAXA Fan Club", "", "Ltd.", "株式会社"]
)
def test_what_is_merely_alike_is_no_match(other: str) -> None:
    assert JAPAN.find(other) is None


def test_legal_forms_tell_european_firms_apart() -> None:
    page = EUROPE.model_copy(
        update={"members": tuple(party.model_copy(update={"aliases": ()}) for party in EUROPE.members)}
    )
    assert page.find("Hensoldt") is not None
    assert page.find("HENSOLDT A.G.") is not None
    assert page.find("Hensoldt GmbH") is None
    assert page.find("Omnipol s.r.o.") is None
    assert page.find("omnipol a. s.") is not None
    assert page.find("Excalibur Army spol. s r. o.") is not None


def test_stems_and_forms() -> None:
    assert stem("GmbH & Co. KG") == "gmbh", "a name of nothing but forms keeps its first word"
    assert forms("株式会社TDK") == {"株式会社"}
    assert stem("TDK株式會社") == stem("TDK Corporation") == "tdk"
    assert stem("Company Store Ltd") == "companystore" or stem("Company Store Ltd") == "store"


@given(st.sampled_from(MEMBERS), st.sampled_from(["", " ", ".", "、", "  Inc.", " Co., Ltd."]))
def test_every_listed_name_finds_its_member(member: tuple[parties.PartyList, parties.Party], tail: str) -> None:
    one, party = member
    for name in party.names:
        assert one.find(name) is not None
        assert one.find(name.upper()) is not None
        if not forms(name) & parties.OWN:
            assert one.find(name + tail) is not None


@given(st.text(max_size=40))
def test_any_text_may_be_asked(name: str) -> None:
    for one in LISTS.values():
        found = one.find(name)
        assert found is None or found in one.members
    assert spelt(name) == spelt(name.upper()) or not name.isascii()


def test_no_name_stands_for_two_members_of_a_list() -> None:
    for one in LISTS.values():
        names = [spelt(name) for party in one.members for name in set(map(spelt, party.names))]
        assert len(names) == len(set(names)), one.id


def test_names_of_the_facts_table_are_known() -> None:
    table = {
        "cn-jp-control-2026-02-24": "MHI KHI IHI NEC JAXA NDA",
        "cn-jp-watch-2026-02-24": "Subaru TDK",
        "cn-eu-control-2026-04-24": "Hensoldt Omnipol Excalibur SpaceKnow VZLU",
        "cn-eu-control-2026-07-24": "Rheinmetall Lafert InPACT Vigo",
        "cn-us-control-2026-06-22": "Aveox",
    }
    for name, known in table.items():
        for word in known.split():
            assert LISTS[name].find(word) is not None, (name, word)
    for name, word in [
        ("cn-jp-watch-2026-02-24", "Sumitomo Heavy"),
        ("cn-eu-control-2026-04-24", "FN Herstal"),
        ("cn-eu-control-2026-04-24", "FN Browning"),
        ("cn-jp-watch-2026-06-29", "Mitsui E&S"),
        ("cn-jp-control-2026-02-24", "Fujitsu Defence"),
    ]:
        assert LISTS[name].find(word) is not None, (name, word)


def test_a_list_says_how_much_of_it_is_known() -> None:
    for one in LISTS.values():
        if one.complete:
            assert one.completeness == ""
            assert one.size is None or len([p for p in one.members if p.confidence != "C"]) == one.size, one.id
        else:
            assert one.size is None or len(one.members) < one.size, one.id
            assert "known here" in one.completeness


def test_what_stands_on_memory_alone_says_so() -> None:
    for one in LISTS.values():
        seen = {source.confidence for source in one.sources}
        for party in one.members:
            assert party.confidence in seen or party.note or party.confidence == "M", (one.id, party.name)


def test_members_on_a_day_as_known_on_a_day() -> None:
    which = "cn-us-control-2025-03-04"
    assert parties.members(which, date(2025, 3, 3)) == ()
    assert len(parties.members(which, date(2025, 3, 4))) == 12
    assert len(parties.members(which, date(2025, 11, 9))) == 12
    assert parties.members(which, date(2025, 11, 10)) == ()
    assert parties.members(which, date(2025, 5, 1), known=date(2025, 3, 3)) == ()
    assert len(parties.members("us-entity-list", date(2020, 1, 1))) == 1


def test_lists_known_on_a_day() -> None:
    assert "cn-jp-control-2026-02-24" not in parties.known_on(LISTS, date(2026, 2, 23))
    assert "cn-jp-control-2026-02-24" in parties.known_on(LISTS, date(2026, 2, 24))


PAGE = """
id: mine
title: Ours
authority: Us
instrument: cn-us-lists
from: 2026-01-01
until: 2026-12-31
known: 2026-01-01
members:
  - {name: Example Works, country: DE}
sources:
  - {title: A page, confidence: B}
"""


def test_a_project_adds_a_list(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(PAGE, encoding="utf-8")
    found = parties.load(tmp_path)
    assert set(found) == {*LISTS, "mine"}
    assert found["mine"].find("EXAMPLE WORKS GmbH") is not None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("country: DE", "country: Germany", ["line 10", "country"]),
        ("until: 2026-12-31", "until: 2025-12-31", ["2025-12-31 comes before 2026-01-01"]),
        ("members:", "member:", ["unknown key 'member'", "'members'"]),
        ("confidence: B", "confidence: D", ["line 12", "D"]),
        ("authority: Us\n", "", ["'authority' is missing"]),
        ("name: Example Works", "name: ''", ["line 10"]),
    ],
)
def test_nice_errors(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    (tmp_path / "mine.yaml").write_text(PAGE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        parties.load(tmp_path)
    for part in ("mine.yaml", *said):
        assert part in str(error.value), str(error.value)


def test_nice_errors_of_names(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(PAGE, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(PAGE, encoding="utf-8")
    with pytest.raises(BadValue, match="'mine' twice"):
        parties.load(tmp_path)
    with pytest.raises(UnknownName) as error:
        parties.members("cn-jp-control-2026-02-42", date(2026, 3, 1))
    assert "cn-jp-control-2026-02-24" in str(error.value)
    with pytest.raises(UnknownName) as clause:
        parties.check([("xx-1.a", "cn-eu-control")], LISTS)
    assert "xx-1.a" in str(clause.value)
    parties.check(regimes.named_lists(), LISTS)
    assert issubclass(DateOrder, InputError)
