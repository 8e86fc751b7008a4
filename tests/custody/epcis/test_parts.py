"""Identifiers, quantities, words, names and the event hash: second implementations and closed forms."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ytterby.custody.epcis import address, document, raw, read, understood
from ytterby.custody.epcis.canonical import EPOCH, canonical, instant, moment
from ytterby.custody.epcis.contexts import NONE
from ytterby.custody.epcis.hashes import hash_id, prehash
from ytterby.custody.epcis.identifiers import check_digit, identifier
from ytterby.custody.epcis.made import Understood
from ytterby.custody.epcis.quantities import MASSES, micrograms, parts_per_billion, written
from ytterby.custody.epcis.vocabulary import bare, named, words
from ytterby.custody.epcis.xmlnames import escaped, plain
from ytterby.custody.event import Assay, Event, Mistake, Piece
from ytterby.terms.elements import ELEMENTS

NOW = 1_790_000_000_000_000
DIGITS = st.text("0123456789", min_size=13, max_size=13)
SERIALS = st.text("ABCxyz019-._", min_size=1, max_size=20)

# identifiers


@given(DIGITS)
def test_a_key_with_its_check_digit_sums_to_a_multiple_of_ten(digits: str) -> None:
    key = digits + check_digit(digits)
    assert sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(key)) % 10 == 0


@given(DIGITS, st.integers(6, 12), SERIALS)
def test_every_cut_of_the_company_prefix_gives_one_address(digits: str, cut: int, lot: str) -> None:
    indicator, rest = digits[0], digits[1:]
    urn = f"urn:epc:class:lgtin:{rest[:cut]}.{indicator}{rest[cut:]}.{lot}"
    link = f"https://id.gs1.org/01/{digits}{check_digit(digits)}/10/{lot}"
    assert address(urn) == address(link) == link
    assert identifier(urn).level == identifier(link).level == "lot"
    assert identifier(f"https://maker.example/products/gtin/{link[22:36]}/lot/{lot}?x=1").address == link


@given(DIGITS, st.integers(1, 9))
def test_a_wrong_check_digit_is_told(digits: str, by: int) -> None:
    wrong = (int(check_digit(digits)) + by) % 10
    assert "check digit" in identifier(f"https://id.gs1.org/01/{digits}{wrong}/10/A").fault
    # elsewhere /01/ need not be a key
    assert identifier(f"https://maker.example/01/{digits}{wrong}/10/A").fault == ""


@given(st.text(max_size=60))
def test_any_text_is_an_identifier_of_something(text: str) -> None:
    for uri in (
        text,
        f"urn:epc:{text}",
        f"urn:epc:id:sgtin:{text}",
        f"https://id.gs1.org/{text}",
        f"https://id.gs1.org/01/{text}",
    ):
        made = identifier(uri)
        assert made.fault or address(made.address) == made.address


@pytest.mark.parametrize(
    ("uri", "expected", "level"),
    [
        ("urn:epc:id:sscc:9521234.0000000017", "https://id.gs1.org/00/095212340000000174", "instance"),
        ("urn:epc:id:sgln:9521234.00001.0", "https://id.gs1.org/414/9521234000013", "place"),
        ("urn:epc:id:sgln:9521234.00001.bay(7)", "https://id.gs1.org/414/9521234000013/254/bay%287%29", "place"),
        ("urn:epc:id:pgln:9521234.00000", "https://id.gs1.org/417/9521234000006", "party"),
        ("urn:epc:id:giai:9521234.scale9", "https://id.gs1.org/8004/9521234scale9", "instance"),
        ("urn:epc:id:grai:9521234.55555.987", "https://id.gs1.org/8003/09521234555551987", "instance"),
        ("urn:epc:id:gdti:9521234.00001.161", "https://id.gs1.org/253/9521234000013161", "document"),
        ("urn:epc:idpat:sgtin:9521234.000011.*", "https://id.gs1.org/01/09521234000112", "class"),
        ("urn:epc:id:cpi:9521234.XY7.12", "https://id.gs1.org/8010/9521234XY7/8011/12", "instance"),
        ("urn:epc:id:itip:9521234.000011.01.02.9", "https://id.gs1.org/8006/095212340001120102/21/9", "instance"),
        ("https://id.gs1.org/01/9521234000112", "https://id.gs1.org/01/09521234000112", "class"),
        ("https://id.gs1.org/414/9521234000013/254/0", "https://id.gs1.org/414/9521234000013", "place"),
        ("urn:epc:id:bic:CSQU3054383", "urn:epc:id:bic:CSQU3054383", "other"),
        ("urn:uuid:5b0c7e0a-0001-4000-8000-000000000001", "urn:uuid:5b0c7e0a-0001-4000-8000-000000000001", "other"),
    ],
)
def test_addresses(uri: str, expected: str, level: str) -> None:
    made = identifier(uri)
    assert (made.address, made.level, made.fault) == (expected, level, "")


# quantities


@given(st.integers(0, 10**15), st.sampled_from(["KGM", "TNE", "GRM", "MGM"]))
def test_whole_micrograms_survive_any_unit_of_the_metric_system(mass: int, unit: str) -> None:
    exact = Fraction(mass) / MASSES[unit]
    text = format(Decimal(exact.numerator) / Decimal(exact.denominator), "f")
    assert micrograms(text, unit) == (mass, True)
    if len(text.replace(".", "").strip("0")) <= 15:
        assert micrograms(float(text), unit) == (mass, True)


@example(Decimal("8740.2882"), "2U")
@given(st.decimals(0, 10**6, places=4, allow_nan=False), st.sampled_from(sorted(MASSES)))
def test_units_agree_with_fractions(quantity: Decimal, unit: str) -> None:
    exact = Fraction(quantity) * MASSES[unit]
    for told in (str(quantity), float(quantity)):
        assert micrograms(told, unit) == (round(exact), exact.denominator == 1)


@given(st.integers(0, 10**9))
def test_parts_per_billion_survive_their_text(ppb: int) -> None:
    assert parts_per_billion(written(ppb)) == ppb
    assert parts_per_billion(float(written(ppb))) == ppb


@pytest.mark.parametrize("text", ["", "nan", "inf", "1e999999999", "1_000", "٣", "0x1", "1" * 50, "--1"])
def test_what_is_no_number_is_refused(text: str) -> None:
    if text not in ("1_000", "٣"):  # Python's decimals know these
        with pytest.raises(ValueError, match=r"."):
            micrograms(text, "KGM")


# words and names


@pytest.mark.parametrize("family", ["bizstep", "disp", "btt", "sdt", "er"])
def test_every_word_is_one_in_all_its_spellings(family: str) -> None:
    web = {"bizstep": "BizStep", "disp": "Disp", "btt": "BTT", "sdt": "SDT", "er": "ER"}[family]
    assert len(words(family)) >= 2
    for word in words(family):
        spelled = (
            f"urn:epcglobal:cbv:{family}:{word}",
            f"https://ref.gs1.org/cbv/{web}-{word}",
            f"cbv:{web}-{word}",
            word,
        )
        assert {bare(one) for one in spelled} == {word}
    unknown = f"cbv:{web}-nonsense"
    assert bare(unknown) == unknown


def test_names_of_extensions_are_one_in_all_their_spellings() -> None:
    prefixes = {"a": "https://a.example/words/", "b": "https://a.example/words", "u": "urn:a:words:"}
    assert named("a:x", prefixes) == named("b:x", prefixes) == named("https://a.example/words/x", prefixes)
    assert named("u:x", prefixes) == named("urn:a:words:x", prefixes) == "{urn:a:words}x"
    assert named("x", prefixes) == "x"


@given(st.text(max_size=12) | st.sampled_from(["_xEMPTY_", "_x0041_", "_x005F_x", "\0"]))
def test_any_name_can_stand_in_xml_and_come_back(name: str) -> None:
    assert plain(escaped(name)) == name
    from lxml import etree

    etree.fromstring(f"<{escaped(name)}/>".encode())


@given(st.integers(0, 4_000_000_000_000_000), st.integers(-840, 840))
def test_an_instant_is_one_in_every_zone(microseconds: int, zone: int) -> None:
    text = (EPOCH + timedelta(microseconds=microseconds)).astimezone(timezone(timedelta(minutes=zone)))
    assert instant(text.isoformat()) == microseconds
    assert instant(moment(microseconds)) == microseconds


# the event hash


def test_the_pre_hash_string_is_the_one_written_by_hand() -> None:
    event = {
        "type": "ObjectEvent",
        "eventID": "urn:x:left-out",
        "recordTime": "2026-03-01T09:00:00Z",
        "eventTime": "2026-03-01T08:00:00.1415+01:00",
        "eventTimeZoneOffset": "+01:00",
        "epcList": ["urn:epc:id:sgtin:9521234.000011.b", "urn:epc:id:sgtin:9521234.000011.a"],
        "action": "OBSERVE",
        "bizStep": "shipping",
        "disposition": "in_transit",
        "readPoint": {"id": "urn:epc:id:sgln:9521234.00001.0", "m:shift": 2},
        "quantityList": [{"epcClass": "urn:epc:class:lgtin:9521234.000011.L", "quantity": 200.0, "uom": "KGM"}],
        "bizTransactionList": [{"type": "po", "bizTransaction": "https://mill.example/orders/7"}],
        "ilmd": {"m:b": "2.50", "m:a": {"m:d": "x", "m:c": "y"}},
        "m:z": ["2", "1"],
    }
    context = {"m": "https://mill.example/words/"}
    expected = (
        "eventType=ObjectEventeventTime=2026-03-01T07:00:00.142ZeventTimeZoneOffset=+01:00"
        "epcListepc=https://id.gs1.org/01/09521234000112/21/aepc=https://id.gs1.org/01/09521234000112/21/b"
        "quantityListquantityElementepcClass=https://id.gs1.org/01/09521234000112/10/Lquantity=200uom=KGM"
        "action=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-shipping"
        "disposition=https://ref.gs1.org/cbv/Disp-in_transit"
        "readPointid=https://id.gs1.org/414/9521234000013{https://mill.example/words/}shift=2"
        "bizTransactionListtype=https://ref.gs1.org/cbv/BTT-pobizTransaction=https://mill.example/orders/7"
        "ilmd{https://mill.example/words/}a{https://mill.example/words/}c=y{https://mill.example/words/}d=x"
        "{https://mill.example/words/}b=2.5"
        "{https://mill.example/words/}z=1{https://mill.example/words/}z=2"
    )
    from ytterby.custody.epcis.contexts import Context

    form = canonical(event, Context(context))
    assert prehash(form, {}) == expected
    assert hash_id(form, {}) == f"ni:///sha-256;{hashlib.sha256(expected.encode()).hexdigest()}?ver=CBV2.0"


# events of ours, there and back

LOTS = st.builds(
    lambda lot: f"https://id.gs1.org/01/09521234000112/10/{lot}", st.text("ABC0189", min_size=1, max_size=6)
)
ASSAYS = st.dictionaries(
    st.sampled_from(ELEMENTS), st.tuples(st.integers(0, 50_000_000), st.integers(0, 10**6)), max_size=3
).map(lambda rows: tuple(Assay(e, *rows[e]) for e in sorted(rows)))
TEXT = st.text("abc 镝é<&\"'", max_size=8).map(str.strip)
PAIRS = st.lists(
    st.tuples(st.sampled_from(["possessing_party", "owning_party"]), st.sampled_from(["https://a.example", "urn:x:b"])),
    max_size=3,
    unique=True,
).map(lambda pairs: tuple(sorted(pairs)))


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind: Any = draw(st.sampled_from(["object", "aggregation", "transformation"]))
    lots = sorted(draw(st.sets(LOTS, min_size=2, max_size=5)))
    masses = [draw(st.integers(1, 10**15)) for _ in lots]
    if kind == "transformation":
        half = max(1, len(lots) // 2)
        masses[0] = max(masses) * 6  # what comes out went in
        roles: list[Any] = ["input"] * half + ["output"] * (len(lots) - half)
    else:
        roles = ["what" if kind == "object" else "child"] * len(lots)
    pieces = [
        Piece(lot, role, mass, None, draw(st.sampled_from(["", "oxide.Dy"])), draw(ASSAYS) if role != "input" else ())
        for lot, role, mass in zip(lots, roles, masses, strict=True)
    ]
    if kind == "aggregation":
        pieces.insert(0, Piece("urn:x:box", "parent"))
    wrong = Mistake(draw(st.integers(NOW - 10**12, NOW)), "incorrect_data", ("urn:x:new",))
    return Event(
        id=f"urn:uuid:{draw(st.uuids())}",
        kind=kind,
        time=draw(st.integers(10**15, NOW - 10**12)),
        offset=draw(st.integers(-780, 840)),
        pieces=tuple(pieces),
        action="" if kind == "transformation" else draw(st.sampled_from(["ADD", "OBSERVE"])),
        step=draw(st.sampled_from(["", "holding", "https://mill.example/steps/roasting"])),
        location="https://p.example/1",
        sources=draw(PAIRS),
        mistake=draw(st.sampled_from([None, wrong])),
        process=draw(TEXT),
        licences=tuple(draw(st.lists(TEXT.filter(bool), max_size=2))),
        end_use=draw(TEXT),
        value_usd=draw(st.none() | st.integers(0, 10**12)),
        losses=draw(st.sampled_from([(), (("", 1),)])) if kind == "transformation" else (),
        added=draw(st.sampled_from([0, 7])) if kind == "transformation" else 0,
    )


@settings(max_examples=60, deadline=None)
@given(events())
def test_an_event_of_ours_is_read_back_as_it_is(event: Event) -> None:
    first = understood(raw(event), now=NOW)
    assert first.event == event
    for content in (document([event]), document([event], "xml"), json.dumps(raw(event)).encode()):
        again = list(read(content, "here", now=NOW))
        assert [type(one) for one in again] == [Understood]
        assert again[0].event == event  # type: ignore[union-attr]
        assert again[0].digest == first.digest  # type: ignore[union-attr]


VALUES = st.recursive(
    st.text(max_size=6).filter(lambda text: all(c.isprintable() or c in "\n\t" for c in text))
    | st.integers(-9, 9)
    | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["m:a", "m:b c", "plain", "x:d", "@id", "#text", "", "<:&", "https://a.example/{x}", "m:@at"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)


@settings(max_examples=80, deadline=None)
@given(VALUES, VALUES, st.permutations(["urn:x:1", "urn:x:2", "urn:x:3"]))
def test_extensions_of_any_shape_survive_both_forms_in_any_order(first: Any, second: Any, lots: list[str]) -> None:
    event = {
        "@context": {"m": "https://mill.example/words/"},
        "type": "ObjectEvent",
        "eventTime": "2026-03-01T00:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "action": "ADD",
        "epcList": lots,
        "readPoint": {"id": "urn:x:p", "m:first": first},
        "sensorElementList": [{"sensorReport": [{"type": "Mass", "value": 1.5, "m:in": second}], "m:by": first}],
        "ilmd": {"m:second": second},
        "m:first": first,
        "m:second": second,
    }
    made = understood(event, now=NOW)
    turned = understood({key: event[key] for key in reversed(event)} | {"epcList": sorted(lots)}, now=NOW)
    assert turned.digest == made.digest
    for form in ("json", "xml"):
        again = list(read(document([made], form), "here", now=NOW))  # type: ignore[arg-type]
        assert [one.canonical for one in again if isinstance(one, Understood)] == [made.canonical]


def test_no_context_is_needed_for_what_the_standard_declares() -> None:
    form = canonical({"type": "ObjectEvent", "cbvmda:lotNumber": "7", "ytt:process": "x"}, NONE)
    assert set(form) == {"type", "{urn:epcglobal:cbv:mda}lotNumber", "{https://ytterby.org/epcis}process"}
