"""Passports: shares told by hand, checked offline, and no figure of one can be changed unseen."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Iterator
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.custody.magnets import lot
from tests.custody.outgoing import TODAY, Chain, made

from ytterby.cli.interface import schema_of
from ytterby.custody.disclosure import Disclosure, choice, opened
from ytterby.custody.genealogy.trace import trace
from ytterby.custody.passport.checking import check
from ytterby.custody.passport.making import KINDS, canonical, passport, sealed
from ytterby.custody.passport.page import WORDS, page
from ytterby.custody.passport.regimes import number
from ytterby.terms.errors import BadValue, UnknownName

Told = dict[str, Any]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return made(tmp_path_factory.mktemp("passport"))


def of(chain: Chain, name: str, shown: Disclosure | None = None) -> Told:
    told = passport(chain.at, chain.ledger, chain.law, lot(name), readings=chain.readings, disclosure=shown, now=TODAY)
    return json.loads(json.dumps(told))


@pytest.fixture(scope="module")
def narita(chain: Chain) -> Told:
    return of(chain, "M2")


def test_shares_are_those_told_by_hand(narita: Told) -> None:
    # 100 kg of oxide from Baotou's ore and 50 kg from Mount Weld's; 6 % and 2 % dysprosium; 80 and 60 USD a kg
    share = {one["facility"]: {basis: Fraction(two["exact"]) for basis, two in one["share"].items()}
             for one in narita["origins"]}  # fmt: skip
    assert share["baotou"] == {
        "mass": Fraction(2, 3), "Nd": Fraction(2, 3), "Dy": Fraction(600, 700), "value": Fraction(8000, 11000),
    }  # fmt: skip
    for basis in ("mass", "Nd", "Dy", "value"):
        assert sum(one[basis] for one in share.values()) == 1


def test_shares_are_those_of_the_trace(chain: Chain, narita: Told) -> None:
    told = trace(chain.at.book, lot("M2"), registry=chain.at.registry)
    for one in told.origins:
        mine = next(two for two in narita["origins"] if two["facility"] == one.facility)
        assert {basis: Fraction(two["exact"]) for basis, two in mine["share"].items()} == dict(one.share)


def test_the_way_leads_from_the_mine_to_where_it_lies(narita: Told) -> None:
    steps = [(one["facility"], one["kind"] or one["step"]) for one in narita["path"]]
    assert steps == [
        ("baotou", "commissioning"), ("baotou", "shipping"), ("ganzhou", "receiving"), ("ganzhou", "transformation"),
        ("ganzhou", "shipping"), ("ningbo", "receiving"), ("ningbo", "transformation"), ("ningbo", "shipping"),
        ("narita", "receiving"), ("narita", "transformation"), ("narita", "shipping"), ("detroit", "receiving"),
    ]  # fmt: skip


def status(told: Told) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in told["regimes"]:
        found.setdefault(one["regime"], set()).add(one["status"])
    return found


def test_regimes_under_each_reading(chain: Chain, narita: Told) -> None:
    assert status(narita) == {
        "cn-18": {"not satisfied"},  # 2 % dysprosium: a licence is needed to leave China
        "cn-61": {"satisfied", "not satisfied"},  # hangs on whether the suspension was extended
        "us-dfars-2027": {"not satisfied"},  # mined in China
        "eu-crma": {"not satisfied"},
    }
    by_reading = {one["reading"]: one for one in narita["regimes"] if one["regime"] == "cn-61"}
    assert set(by_reading) == set(chain.readings)
    assert by_reading["extended_2027_01_10"]["status"] == "satisfied"
    # 100 kg of alloy at 100 USD in 80 kg of magnets at 150 USD: 10000 / 12000 of the value
    lines = {one["line"]: one for one in by_reading["lapsed_2026_11_10"]["margins"]}
    assert Fraction(lines["cn-61-part-1"]["low"]["exact"]) == Fraction(5, 6)
    strongest = next(one for one in narita["regimes"] if one["regime"] == "cn-18")["margins"][0]
    assert Fraction(strongest["low"]["exact"]) == Fraction(1, 50)


def test_what_comes_from_elsewhere_alone_is_free_and_what_is_no_magnet_out_of_scope(chain: Chain) -> None:
    told = status(of(chain, "ore-w"))
    assert told["us-dfars-2027"] == {"out of scope"}
    assert told["cn-61"] == {"out of scope"}


def test_a_passport_fits_its_schema(narita: Told, chain: Chain) -> None:
    validator = jsonschema.Draft202012Validator(schema_of("passport"))
    for told in (narita, of(chain, "M2", choice(["none"], KINDS)), check(narita).to_dict()):
        assert list(validator.iter_errors(told)) == []


def test_it_is_sound_by_itself(chain: Chain, narita: Told) -> None:
    told = check(narita, chain.ledger.head.published(), expected=narita["digest"], held=chain.law)
    assert told.sound
    assert {one.check: one.passed for one in told.checks} == {
        **dict.fromkeys(("digest", "issuer", "head", "proofs", "figures"), True), "accounts": None,
    }  # fmt: skip


def test_mass_balance_is_told_by_what_the_makers_site_took_in(chain: Chain) -> None:
    # Narita took in 100 kg of an alloy that is two thirds Chinese, and made 80 kg of it; Ningbo's magnets are 90 kg
    for name, kg in (("M1", 90), ("M2", 80)):
        rolling, credit = of(chain, name)["accounts"]
        assert (rolling["model"], credit["model"]) == ("mass balance, rolling average", "mass balance, credits")
        assert (rolling["claim"], rolling["transformations"], rolling["micrograms"]) == ("CN", 1, 100 * 10**9)
        assert Fraction(rolling["share"]["exact"]) == Fraction(2, 3)
        assert Fraction(credit["share"]["exact"]) == Fraction(2 * 100, 3 * kg)
        assert rolling["holds"] is credit["holds"] is True
    assert of(chain, "ore-w")["accounts"] == [], "no site made it of anything"
    hidden = of(chain, "M2", choice(["none"], KINDS))["accounts"]
    assert all(set(one["facility"]) == {"commitment"} for one in hidden)


def test_a_changed_account_is_found_by_the_digest(narita: Told) -> None:
    changed = copy.deepcopy(narita)
    changed["accounts"][0]["share"] = number(Fraction(1))
    assert not check(changed).sound


def test_every_lot_has_a_passport_that_is_sound(chain: Chain) -> None:
    for name in ("ore-b", "ore-w", "ox-b", "ox-w", "al", "M1", "M2"):
        told = of(chain, name)
        assert check(told, held=chain.law).sound, name


def leaves(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*way, key))
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from leaves(one, (*way, at))
    else:
        yield way


def changed(document: Told, way: tuple[Any, ...], at: int) -> Told:
    """A copy with one character of one leaf changed."""
    told = copy.deepcopy(document)
    inner = told
    for key in way[:-1]:
        inner = inner[key]
    old = inner[way[-1]]
    if isinstance(old, bool) or old is None:
        inner[way[-1]] = not old
    elif isinstance(old, int | float):
        inner[way[-1]] = old + 1
    else:
        spot = at % max(len(old), 1)
        inner[way[-1]] = old[:spot] + ("1" if old[spot : spot + 1] != "1" else "2") + old[spot + 1 :]
    return told


FIGURES = ("item", "origins", "path", "models", "regimes")


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_byte_changed_anywhere_is_found(narita: Told, data: st.DataObject) -> None:
    ways = list(leaves(narita))
    wrong = changed(narita, data.draw(st.sampled_from(ways)), data.draw(st.integers(0, 10_000)))
    if wrong["form"] != narita["form"]:
        with pytest.raises(BadValue):
            check(wrong)
        return
    assert next(check_of(wrong, "digest")) is False


def check_of(told: Told, name: str) -> Iterator[bool | None]:
    """The outcome of one check without the dear one."""
    from ytterby.custody.passport import checking

    if name == "digest":
        yield next(checking._digest(told, "")).passed
    else:
        yield next(checking._proofs(told)).passed


def test_every_figure_changed_with_a_new_digest_is_found_from_the_events(chain: Chain, narita: Told) -> None:
    from ytterby.custody.passport.checking import again_told

    drawn = again_told(narita, chain.law)
    for section in FIGURES:
        for way in leaves(narita[section], (section,)):
            wrong = changed(narita, way, 0)
            assert canonical(drawn[section]) != canonical(wrong[section]), way
    wrong = sealed(changed(narita, ("origins", 0, "share", "mass", "exact"), 0))
    told = check(wrong, held=chain.law)
    assert not told.sound
    assert [one.check for one in told.checks if one.passed is False] == ["figures"]
    assert "origins" in next(one.what for one in told.checks if one.check == "figures")


def test_a_new_digest_is_not_the_issuers(narita: Told, chain: Chain) -> None:
    site = next(at for at, one in enumerate(narita["registry"]["facilities"]) if one["id"] == "baotou")
    wrong = copy.deepcopy(narita)
    wrong["registry"]["facilities"][site]["place"] = "AU"
    told = check(sealed(wrong), expected=narita["digest"], held=chain.law)
    assert {one.check for one in told.checks if one.passed is False} == {"issuer", "figures"}


def test_an_event_changed_or_not_under_the_head_is_found(narita: Told) -> None:
    body = copy.deepcopy(narita)
    body["evidence"]["events"][3]["body"] = body["evidence"]["events"][3]["body"].replace("1000", "1001")
    assert "not the one that was proven" in proofs(body)
    for key in ("index", "digest"):
        moved = changed(narita, ("evidence", "events", 3, key), 0)
        assert proofs(moved)
    for way in list(leaves(narita["evidence"]["nodes"], ("evidence", "nodes")))[::5]:
        assert proofs(changed(narita, way, 5)), way
    assert proofs(changed(narita, ("evidence", "head", "root"), 3))


def proofs(told: Told) -> str:
    checks = check(sealed(told)).checks
    return next(one for one in checks if one.check in ("proofs", "form") and one.passed is not True).what


def test_another_head_is_not_the_one_it_names(chain: Chain, narita: Told) -> None:
    head = chain.ledger.head.published()
    other = {**head, "root": "00" * 32}
    assert next(one.passed for one in check(narita, other).checks if one.check == "head") is False
    later = {**head, "size": head["size"] + 1}
    assert next(one.passed for one in check(narita, later).checks if one.check == "head") is None


def test_withheld_names_stand_nowhere_and_can_be_opened(chain: Chain, narita: Told) -> None:
    shown = choice(["none"], KINDS)
    told = of(chain, "M2", shown)
    text = json.dumps(told) + page(told)
    hidden = ("baotou", "narita", "ningbo", "lot/al", "lot/ox", "detroit")
    assert [name for name in hidden if name in text] == []
    assert check(told).sound
    assert next(one.passed for one in check(told).checks if one.check == "figures") is None
    again = opened(told, json.loads(json.dumps(shown.kept())))
    assert [again[section] for section in FIGURES[:4]] == [narita[section] for section in FIGURES[:4]]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_stands_by_itself_and_says_what_the_passport_says(narita: Told, lang: Any) -> None:
    text = page(narita, lang)
    assert "http" not in text.replace("https://chain.example", "").replace("http://www.w3.org", "")
    assert narita["digest"] in text
    for words in ("2/3", "66.67%", "85.71%", "cn-61-2025.1a", "<svg"):
        assert words in text, words
    assert WORDS["regimes"][lang == "zh"] in text
    seen = Pages()
    seen.feed(text)
    assert not seen.open


class Pages(HTMLParser):
    """Whether tags are closed in order."""

    VOID = ("meta", "br", "path", "img", "hr")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_what_a_name_holds_is_text_on_the_page(narita: Told) -> None:
    told = sealed({**narita, "lot": "<script>alert(1)</script>"})
    assert "<script>" not in page(told)


def test_a_lot_nobody_names_and_what_is_no_passport(chain: Chain) -> None:
    with pytest.raises(UnknownName):
        of(chain, "nowhere")
    with pytest.raises(BadValue, match="no passport"):
        check({"form": "ytterby"})


@pytest.mark.parametrize("gone", ["evidence", "rules", "registry", "on"])
def test_what_is_cut_out_is_told_and_not_a_fault(chain: Chain, narita: Told, gone: str) -> None:
    told = check(sealed({key: one for key, one in narita.items() if key != gone}), held=chain.law)
    assert not told.sound


@given(st.fractions(0, 1))
def test_a_share_is_written_exactly(share: Fraction) -> None:
    told = number(share)
    assert Fraction(told["exact"]) == share
    assert abs(Fraction(told["value"]) - share) <= Fraction(1, 2 * 10**12)


def test_it_says_on_which_day_it_was_made(narita: Told) -> None:
    assert narita["made"] == "2026-11-21T12:00:00Z"
    assert datetime.date.fromisoformat(narita["on"]) == TODAY.date()


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(), junk=st.one_of(st.none(), st.integers(), st.text(max_size=8), st.lists(st.integers(), max_size=2))
)
def test_whatever_stands_in_it_the_check_answers(narita: Told, data: st.DataObject, junk: Any) -> None:
    """Places of a passport filled with anything at all, and its digest made anew."""
    ways = [way for way in leaves(narita) if way[0] not in ("form", "digest")]
    way = data.draw(st.sampled_from(ways))
    wrong = copy.deepcopy(narita)
    inner = wrong
    for key in way[: data.draw(st.integers(1, len(way))) - 1]:
        inner = inner[key]
    depth = next(k for k in range(len(way)) if inner is _at(wrong, way[:k]))
    inner[way[depth]] = junk
    told = check(sealed(wrong))
    assert told.sound in (True, False)


def _at(document: Any, way: tuple[Any, ...]) -> Any:
    for key in way:
        document = document[key]
    return document
