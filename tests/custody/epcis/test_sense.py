"""Each check of sense refuses or doubts what it says, and nothing beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ytterby.custody.epcis import Flaw, understood
from ytterby.custody.epcis.sense import CHECKS

NOW = 1_790_000_000_000_000
ROOT = Path(__file__).resolve().parents[3]
A, B = "urn:epc:class:lgtin:9521234.000011.A", "urn:epc:class:lgtin:9521234.000012.B"
HEAD = {
    "eventTime": "2026-03-01T00:00:00Z",
    "eventTimeZoneOffset": "+08:00",
    "bizLocation": {"id": "https://p.example/1"},
}


def seen(**fields: Any) -> dict[str, Any]:
    return {"type": "ObjectEvent", **HEAD, "action": "OBSERVE", "quantityList": [line(A, 1)], **fields}


def line(lot: str, quantity: float, unit: str | None = "KGM") -> dict[str, Any]:
    return {"epcClass": lot, "quantity": quantity, **({"uom": unit} if unit else {})}


def made(into: float, out: float, unit: str = "KGM", **fields: Any) -> dict[str, Any]:
    lists = {"inputQuantityList": [line(A, into)], "outputQuantityList": [line(B, out, unit)]}
    return {"type": "TransformationEvent", **HEAD, **lists, **fields}


def assay(lot: str, element: str, fraction: float, sigma: float | None = None) -> dict[str, Any]:
    told = {"ytt:lot": lot, "ytt:element": element, "ytt:fraction": fraction}
    return told if sigma is None else {**told, "ytt:sigma": sigma}


def dysprosium(
    of_input: float, of_output: float, sigma: float | None, into: float = 100, out: float = 100
) -> dict[str, Any]:
    return made(into, out, **{"ytt:assays": [assay(A, "Dy", of_input, sigma), assay(B, "Dy", of_output, sigma)]})


def packed(**fields: Any) -> dict[str, Any]:
    whole = {"parentID": "https://p.example/box", "childQuantityList": [line(A, 1)], "action": "ADD"}
    return {key: value for key, value in {"type": "AggregationEvent", **HEAD, **whole, **fields}.items() if value}


BAD_LINK = "https://id.gs1.org/01/09521234000111/10/A"
WRONG = {"declarationTime": "2026-03-02T00:00:00Z"}
REFUSED = [
    ("future", seen(eventTime="2026-12-24T00:00:00Z")),
    ("ancient", seen(eventTime="1970-01-01T00:00:00Z")),
    ("recorded", seen(recordTime="2026-02-28T00:00:00Z")),
    ("time", seen(eventTime="2026-02-30T00:00:00Z")),
    ("identifier", seen(quantityList=[line("urn:epc:class:lgtin:9521234.00011.A", 1)])),
    ("identifier", seen(quantityList=[line(BAD_LINK, 1)])),
    ("identifier", seen(epcList=["urn:epc:id:sgtin:9521234.000011"])),
    ("identifier", seen(readPoint={"id": "urn:epc:id:sgln:9521234.00001"})),
    ("itself", seen(eventID="urn:x:1", errorDeclaration={**WRONG, "correctiveEventIDs": ["urn:x:1"]})),
    ("parent", packed(parentID=None)),
    ("parent", packed(parentID=A)),
    ("negative", seen(quantityList=[line(A, -1)])),
    ("negative", seen(quantityList=[line(A, -1, None)])),
    ("absurd", seen(quantityList=[line(A, 2e6, "TNE")])),
    ("counted", seen(quantityList=[line(A, 2.5, None)])),
    ("twice", seen(epcList=["https://p.example/1", "https://p.example/1"])),
    ("whole", made(9, 9, **{"ytt:assays": [assay(B, "Nd", 0.8, 0.001), assay(B, "Pr", 0.3, 0.001)]})),
    ("assay", made(9, 9, **{"ytt:assays": [assay(B, "Nd", 1.2)]})),
    ("assay", made(9, 9, **{"ytt:assays": [assay(B, "Fe", 0.2)]})),
    ("assay", made(9, 9, **{"ytt:assays": [assay(B, "Nd", 0.2), assay(B, "Nd", 0.3)]})),
    ("detail", made(9, 9, **{"ytt:assays": [assay("https://p.example/other", "Nd", 0.2)]})),
    ("gain", made(10, 1000)),
    ("gain", made(10, 10_000_001, "GRM")),
    ("gain", made(10, 9, **{"ytt:losses": [{"ytt:mass": 2}]})),
    ("element", dysprosium(0.05, 0.06, 0.001)),
    ("element", dysprosium(0.05, 0.06, None)),
    ("element", dysprosium(0.05, 0.05, 0.0001, 100, 99) | {"ytt:losses": [{"ytt:element": "Dy", "ytt:mass": 1}]}),
    ("loss", made(10, 1, **{"ytt:losses": [{"ytt:mass": 11}]})),
    ("names", seen(**{"ytt:process": "a", "https://ytterby.org/epcis/process": "b"})),
    ("depth", seen(**{"ytt:note": __import__("functools").reduce(lambda deep, _: {"ytt:in": deep}, range(40), "x")})),
    ("text", seen(**{"ytt:note": "bell \x07"})),
    ("schema", seen(bizStep="urn:epcglobal:cbv:bizstep:smuggling")),
    ("schema", seen(bizStep="smuggling")),
    ("schema", seen(eventTimeZoneOffset="+15:00")),
    ("schema", seen(note="no prefix")),
    ("schema", {"type": "NightlyEvent", **HEAD}),
]
DOUBTED = [
    ("offset", seen(eventTime="2026-03-01T00:00:00+01:00")),
    ("declared", seen(errorDeclaration={"declarationTime": "2026-02-01T00:00:00Z"})),
    ("level", seen(epcList=[A])),
    ("level", seen(quantityList=[line("urn:epc:id:sgtin:9521234.000011.7", 1, None)])),
    ("lotless", seen(quantityList=[line("urn:epc:idpat:sgtin:9521234.000011.*", 1, None)])),
    ("prefix", seen(**{"nobody:said": "x"})),
    ("forged", seen(eventID=f"ni:///sha-256;{'0' * 64}?ver=CBV2.0")),
    ("place", {key: value for key, value in seen(bizStep="shipping").items() if key != "bizLocation"}),
    ("action", seen(bizStep="commissioning")),
    ("action", seen(bizStep="destroying", action="ADD")),
    ("ilmd", seen(ilmd={"ytt:material": "oxide.Dy"})),
    ("word", seen(bizStep="https://ref.gs1.org/cbv/BizStep-smuggling")),
    ("parted", seen(quantityList=[line(A, 1), line(A, 2)])),
    ("open", made(10, 1000, transformationID="urn:x:7")),
    ("loop", made(10, 9, inputQuantityList=[line(B, 10)])),
    ("unit", seen(quantityList=[line(A, 3, "LTR")])),
    ("fine", seen(quantityList=[line(A, 0.0000000001)])),
]


@pytest.mark.parametrize(("check", "raw"), REFUSED, ids=lambda one: one if isinstance(one, str) else "")
def test_it_is_refused(check: str, raw: dict[str, Any]) -> None:
    with pytest.raises(Flaw) as caught:
        understood(raw, now=NOW)
    assert caught.value.check == check
    assert caught.value.reason


@pytest.mark.parametrize(("check", "raw"), DOUBTED, ids=lambda one: one if isinstance(one, str) else "")
def test_it_is_doubted_and_captured_and_refused_where_one_asks_for_that(check: str, raw: dict[str, Any]) -> None:
    assert [name for name, _ in understood(raw, now=NOW).event.doubts] == [check]
    if check not in ("unit", "fine"):
        with pytest.raises(Flaw, match=r".+") as caught:
            understood(raw, now=NOW, strict=frozenset({check}))
        assert caught.value.check == check


@pytest.mark.parametrize(
    "raw",
    [
        seen(),
        seen(eventTime="2026-09-21T14:20:00Z"),  # ten minutes ahead of NOW: a clock
        seen(recordTime="2026-03-01T00:00:10Z"),
        made(10, 10),
        made(1000, 1000.9),  # a thousandth: the scales
        made(300, 1000, **{"ytt:added": [{"ytt:mass": 700}]}),  # iron and boron of an alloy
        dysprosium(0.05, 0.052, 0.001),  # within three standard uncertainties on either side
        dysprosium(0.05, 0.10, 0.001, 100, 50),  # concentrated twice
        # the other input has no assay: the dysprosium may have come from there
        dysprosium(0.05, 0.06, 0.001) | {"inputQuantityList": [line(A, 100), line("https://p.example/lots/9", 5)]},
        packed(action="DELETE", childQuantityList=None),
        packed(action="OBSERVE", parentID=None),
        seen(quantityList=[line(A, 3, None)]),
        seen(quantityList=[line("https://p.example/2026/01/02/10/55", 3)]),
        seen(errorDeclaration=WRONG),
    ],
)
def test_it_is_neither(raw: dict[str, Any]) -> None:
    assert understood(raw, now=NOW).event.doubts == ()


def test_both_sides_are_told() -> None:
    with pytest.raises(Flaw, match="1,000 kg came out, 10 kg went in"):
        understood(made(10, 1000), now=NOW)
    with pytest.raises(Flaw, match=r"at least 5\.7 kg of Dy .* at most 5\.3 kg went in"):
        understood(dysprosium(0.05, 0.06, 0.001), now=NOW)


def test_a_gain_of_an_element_is_refused_though_the_whole_is_not_told() -> None:
    raw = dysprosium(0.05, 0.5, 0.001, 100, 20)
    with pytest.raises(Flaw, match="of Dy came out"):
        understood(raw, now=NOW)


def test_every_check_can_fail_and_is_documented() -> None:
    page = (ROOT / "docs" / "custody.md").read_text(encoding="utf-8")
    names = {check.name: check for check in CHECKS}
    assert len(names) == len(CHECKS)
    tried = {name for name, _ in (*REFUSED, *DOUBTED)}
    assert set(names) <= tried
    for name, check in names.items():
        assert re.search(rf"^\| `{name}` \| {check.grade} \| {re.escape(check.asks)} \|$", page, flags=re.MULTILINE), (
            name
        )
