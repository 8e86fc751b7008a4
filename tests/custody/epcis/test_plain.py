"""Plain events are understood in one pass, and that pass says what the long way says: no more, no less."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.custody.epcis.test_forms import STANDARD, _standard
from tests.custody.epcis.test_sense import DOUBTED, NOW, REFUSED

from ytterby.custody.epcis import Flaw, Understood, schema, understanding
from ytterby.custody.epcis.contexts import NONE, prefixes_of
from ytterby.custody.epcis.plain import plain

EXAMPLES = Path(__file__).parent / "examples"
LOT = "urn:epc:class:lgtin:9521234.000011."
URIS = (
    *(LOT + serial for serial in "ABC"), "https://id.gs1.org/01/09521234000112/10/A", "https://lots.example/7",
    "https://id.gs1.org/01/09521234000111/10/A", "urn:epc:id:sgtin:9521234.000011.77", "urn:epc:id:sgtin:9521234.0011",
    "urn:epc:idpat:sgtin:9521234.000011.*", "urn:epc:id:sgln:9521234.00001.0", "urn:epc:id:pgln:9521234.00002",
    "urn:epc:id:gdti:9521234.00001.5", "urn:uuid:0cd2a4a5-0001-4000-8000-000000000001",
    f"ni:///sha-256;{'0' * 64}?ver=CBV2.0",
)  # fmt: skip
WORDS = (
    "shipping", "commissioning", "destroying", "in_transit", "active", "urn:epcglobal:cbv:bizstep:receiving",
    "cbv:BizStep-receiving", "urn:epcglobal:cbv:disp:in_transit", "https://a.example/step", "gs1:nothing",
    "urn:epcglobal:cbv:btt:po", "po", "possessing_party", "urn:epcglobal:cbv:sdt:owning_party", "a:b",
)  # fmt: skip
TIMES = (
    "2026-03-01T08:00:00.000+08:00", "2026-03-01T08:00:00+08:00", "2026-03-01T00:00:59.25Z", "2026-03-01T00:00:00Z",
    "2026-03-01T00:00:00.120Z", "2026-03-01T00:00:00.1234567Z", "2026-02-30T00:00:00Z", "1980-01-01T00:00:00Z",
    "2026-12-31T23:59:59.999999-05:30", "2030-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2026-03-01T00:15:01Z",
    "9999-12-31T23:59:59-14:00", "2024-02-29T23:59:59.1000Z",
)  # fmt: skip
OFFSETS = ("+08:00", "+00:00", "-05:30", "+14:00", "-14:00")
NUMBERS = st.one_of(
    st.sampled_from((0, 1, 10, 10.0, 0.0, -0.0, 0.1, 1e-3, 9.99e-4, 1e-7, 1e15, 1e16, 12.345678901234567, 107.1, 2.5)),
    st.floats(allow_nan=False, allow_infinity=False), st.integers(-10, 2**63), st.floats(1e-3, 1e6),
)  # fmt: skip
uris, words, times = st.sampled_from(URIS), st.sampled_from(WORDS), st.sampled_from(TIMES)
units = st.sampled_from(("KGM", "GRM", "TNE", "ONZ", "LBR", "H87", "LTR", "MC"))


def object_of(need: dict[str, Any], may: dict[str, Any] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(need, optional=may)


amounts = st.lists(object_of({"epcClass": uris}, {"quantity": NUMBERS, "uom": units}), max_size=3)
texts = st.one_of(st.sampled_from(("oxide", "Nd", "Dy", "0.5", 'a"b', "氧化鐠釹", "\u0007", "", LOT + "A")), NUMBERS)
assays = st.lists(
    object_of(
        {"ytt:element": st.sampled_from(("Nd", "Dy", "Xx")), "ytt:fraction": st.floats(0, 1)},
        {"ytt:sigma": st.floats(0, 0.1), "ytt:lot": uris},
    ),
    max_size=3,
)
masses = st.lists(object_of({"ytt:lot": uris, "ytt:mass": NUMBERS}), max_size=2)
EXTENSIONS: dict[str, Any] = {
    "ytt:assays": assays, "ytt:material": texts, "ytt:process": texts, "ytt:licences": st.lists(texts, max_size=2),
    "ytt:masses": masses, "ytt:losses": masses, "ytt:added": masses, "ytt:valueUSD": texts, "x:y": texts,
    "https://ytterby.org/epcis/process": texts, "other:field": st.one_of(texts, st.none(), st.booleans()),
}  # fmt: skip
place = object_of({"id": uris}, {"x:y": texts})


def parties(part: str) -> st.SearchStrategy[Any]:
    return st.lists(object_of({part: uris, "type": words}), max_size=2)


FIELDS: dict[str, Any] = {
    "eventID": uris, "recordTime": times, "bizStep": words, "disposition": words, "readPoint": place,
    "bizLocation": place, "sourceList": parties("source"), "destinationList": parties("destination"),
    "bizTransactionList": st.lists(object_of({"bizTransaction": uris}, {"type": words}), max_size=2),
    "certificationInfo": uris, "persistentDisposition": st.just({"set": ["active"]}), "id": uris,
    "errorDeclaration": st.just({"declarationTime": "2026-03-02T00:00:00Z"}),
    "@context": st.sampled_from((["https://ref.gs1.org/x"], [{"x": "https://x.example/"}], {"x": "urn:x"})),
}  # fmt: skip
MADE = {
    "ObjectEvent": {"epcList": st.lists(uris, max_size=3), "quantityList": amounts},
    "TransformationEvent": {
        "inputQuantityList": amounts, "outputQuantityList": amounts, "inputEPCList": st.lists(uris, max_size=2),
        "outputEPCList": st.lists(uris, max_size=2), "transformationID": uris,
    },
}  # fmt: skip
HEAD = {"eventTime": TIMES[0], "eventTimeZoneOffset": "+08:00", "bizLocation": {"id": URIS[9]}, "eventID": URIS[12]}
PLAIN: list[dict[str, Any]] = [
    {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", **HEAD,
     "quantityList": [{"epcClass": LOT + "A", "quantity": 1.5, "uom": "KGM"}],
     "sourceList": [{"type": "possessing_party", "source": URIS[10]}],
     "bizTransactionList": [{"type": "po", "bizTransaction": URIS[11]}]},
    {"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning", **HEAD, "ytt:process": "氧化",
     "epcList": [URIS[6]], "ilmd": {"ytt:material": "ndpr_oxide", "x:y": {"a:b": ["1", "2"]}}},
    {"type": "TransformationEvent", **HEAD, "transformationID": URIS[12], "recordTime": TIMES[2],
     "inputQuantityList": [{"epcClass": LOT + x, "quantity": 2, "uom": "KGM"} for x in "BA"],
     "outputQuantityList": [{"epcClass": LOT + "C", "quantity": 3, "uom": "KGM"}]},
]  # fmt: skip


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """A plain event, some of whose fields are drawn anew, left out or added."""
    raw = dict(draw(st.sampled_from(PLAIN)))
    fields = FIELDS | MADE[raw["type"]] | {"eventTime": times, "eventTimeZoneOffset": st.sampled_from(OFFSETS)}
    fields |= EXTENSIONS | {"ilmd": object_of({}, EXTENSIONS)}
    if raw["type"] == "ObjectEvent":
        fields["action"] = st.sampled_from(("ADD", "OBSERVE", "DELETE"))
    for name in draw(st.lists(st.sampled_from(sorted(fields)), max_size=5)):
        raw[name] = draw(fields[name])
    for name in draw(st.lists(st.sampled_from(sorted(raw.keys() - {"type"})), max_size=1)):
        del raw[name]
    return dict(draw(st.permutations(list(raw.items()))))


def alike(raw: dict[str, Any], strict: frozenset[str] = frozenset()) -> bool:
    """Holds one way against the other; whether the event was plain."""
    context = prefixes_of([{"x": "https://x.example/"}]) if "other:field" in raw else NONE
    try:
        met = understanding._met(raw, raw["type"])
    except Flaw:
        return False
    quick = plain(met, context, NOW, strict)
    try:
        slow: Understood | None = understanding.at_length(met, context, NOW, strict)
    except Flaw:
        slow = None
    assert quick is None or quick == slow
    return quick is not None


@given(events(), st.frozensets(st.sampled_from(("fine", "open", "loop", "unit")), max_size=2))
def test_what_is_plain_is_what_the_long_way_makes_of_it(raw: dict[str, Any], strict: frozenset[str]) -> None:
    raw = orjson.loads(orjson.dumps(raw))
    alike(raw, strict)


@given(st.sampled_from(PLAIN), NUMBERS, units)
def test_quantities_are_written_and_weighed_alike(raw: dict[str, Any], quantity: float, unit: str) -> None:
    raw = orjson.loads(orjson.dumps(raw | {"type": "ObjectEvent", "action": "OBSERVE"}))
    raw = {key: value for key, value in raw.items() if "put" not in key and key not in ("ilmd", "transformationID")}
    raw["quantityList"] = [{"epcClass": LOT + "A", "quantity": quantity, "uom": unit}]
    alike(raw)


@pytest.mark.parametrize("raw", PLAIN)
def test_the_usual_is_plain(raw: dict[str, Any]) -> None:
    assert alike(raw)


@pytest.mark.parametrize("raw", [raw for _, raw in (*REFUSED, *DOUBTED) if raw["type"] in schema.KINDS])
def test_nothing_passes_that_a_check_would_find(raw: dict[str, Any]) -> None:
    alike({"eventID": URIS[12], **raw})


def _every(whole: Any) -> Iterator[dict[str, Any]]:
    if isinstance(whole, dict) and str(whole.get("type", "")).endswith("Event"):
        yield whole
    for inner in whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ():
        yield from _every(inner)


def _told(text: bytes) -> list[dict[str, Any]]:
    lines = text.splitlines() if text.count(b"}\n{") else [text]
    return [raw for line in lines for raw in _every(orjson.loads(line))]


def test_examples_are_read_alike() -> None:
    found = [alike(raw) for path in sorted(EXAMPLES.glob("*.json*")) for raw in _told(path.read_bytes())]
    assert len(found) > 10
    assert any(found)


@pytest.mark.skipif(not STANDARD, reason="YTTERBY_EPCIS_EXAMPLES names no folder")
def test_examples_of_the_standard_are_read_alike() -> None:
    found = [alike(raw) for path in _standard() if path.suffix != ".xml" for raw in _told(path.read_bytes())]
    assert len(found) > 100
