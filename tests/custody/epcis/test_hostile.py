"""What comes in may be anything: it is read or refused, and costs what it is long."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.custody.epcis import Refused, Understood, read
from ytterby.custody.epcis import reading as R

NOW = 1_790_000_000_000_000
HEAD = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T00:00:00Z",
    "eventTimeZoneOffset": "+08:00",
    "action": "OBSERVE",
    "epcList": ["urn:x:1"],
}
WORDS = [b'{"', b'"type":', b'"ObjectEvent"', b"}", b"[", b"]", b",", b"\n", b"<a>", b"</a>", b"<?xml version='1.0'?>",
         b"<!DOCTYPE a [", b"event_time,lot\n", "批号,事件时间\n".encode("gb18030"), b"\xff\xfe", b"\0", b"1e999",
         b"NaN", b'"@context":', b'"epcisBody":', b'"eventList":', b"\xef\xbb\xbf", b"<EPCISDocument>"]  # fmt: skip


def told(content: bytes) -> list[Any]:
    return list(read(content, "wild", now=NOW))


def only(content: bytes) -> Refused:
    found = told(content)
    assert [type(one) for one in found] == [Refused]
    return found[0]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(WORDS), max_size=12).map(b"".join)))
def test_wild_bytes_are_read_or_refused(content: bytes) -> None:
    assert all(isinstance(one, Understood | Refused) for one in told(content))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["eventID", "epcList", "quantityList", "readPoint", "ilmd", "errorDeclaration", "sensorElementList", "bizStep",
     "id", "@context", "ytt:assays", "ytt:losses", "ytt:valueUSD", "ytt:added", "a:b", "eventTime"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(NAMES, JSON, max_size=4))
def test_wild_fields_are_read_or_refused(fields: dict[str, Any]) -> None:
    found = told(json.dumps({**HEAD, **fields}).encode())
    assert len(found) == 1
    if isinstance(found[0], Refused):
        assert ": " in found[0].reason


def test_a_name_told_twice_is_refused_however_it_is_hidden() -> None:
    text = json.dumps(HEAD)[:-1]
    quantity = '"quantityList": [{"epcClass": "urn:x:1", "quantity": 1, "quantity" : 1000}]}'
    escaped = quantity.replace('"quantity" :', '"q\\u0075antity":').replace("urn:x:1", "urn\\u003ax\\u003a1")
    for spelled in (quantity, quantity.replace(" :", "\t:"), escaped):
        assert "'quantity' is told twice" in only(f"{text}, {spelled}".encode()).reason
    # told twice alike is only clumsy
    assert isinstance(told(f'{text}, "action": "OBSERVE"}}'.encode())[0], Understood)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    line = f'"quantityList": [{{"epcClass": "urn:x:1", "quantity": {number}}}]}}'
    assert only(f"{json.dumps(HEAD)[:-1]}, {line}".encode()).reason.startswith("json: ")


def test_deep_nesting_is_refused() -> None:
    for depth in (40, 100, 5000, 200_000):
        deep = f'"ytt:deep": {"[" * depth}{"]" * depth}'
        assert only(f"{json.dumps(HEAD)[:-1]}, {deep}}}".encode()).reason.partition(":")[0] in ("depth", "json")
    assert only(b"[" * 200_000).reason.partition(":")[0] in ("depth", "json")
    xml = b"<EPCISDocument><EPCISBody><EventList><ObjectEvent>" + b"<a>" * 5000
    assert only(xml).reason.startswith("xml: ")


def test_entities_are_never_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    for head in (
        laughs,
        '<!ENTITY l9 SYSTEM "file:' + '///etc/hostname">',
        '<!ENTITY % l9 SYSTEM "http://127.0.0.1:9/">',
    ):
        text = f"<!DOCTYPE a [{head}]><EPCISDocument><EPCISBody><EventList>&l9;</EventList></EPCISBody></EPCISDocument>"
        assert only(text.encode()).reason == "xml: it declares entities"
        assert only(b"\xff\xfe" + text.encode("utf-16-le")).reason == "xml: it declares entities"


def test_fifty_megabytes_in_one_string_are_refused_before_they_are_parsed() -> None:
    long = "x" * 50_000_000
    found = only(f'{json.dumps(HEAD)[:-1]}, "ytt:long": "{long}"}}'.encode())
    assert found.reason.startswith("schema: ") or found.reason.startswith("size: ")
    assert len(found.raw) <= 64 * 1024
    listed = told(f'[{json.dumps(HEAD)}, {{"long": "{long}"}}, {json.dumps(HEAD)}]'.encode())
    assert [type(one) for one in listed] == [Understood, Refused, Understood]
    assert listed[1].reason.startswith("size: ")
    lines = told(f'{json.dumps(HEAD)}\n{{"long": "{long}"}}\n{json.dumps(HEAD)}'.encode())
    assert [type(one) for one in lines] == [Understood, Refused, Understood]


def test_a_document_that_is_too_long_is_refused_by_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(R, "LONGEST_DOCUMENT", 1000)
    assert "send JSON lines" in only(json.dumps([HEAD] * 20).encode()).reason
    assert len(told(b"\n".join([json.dumps(HEAD).encode()] * 20))) == 20


def test_names_are_kept_apart_where_prefixes_differ() -> None:
    first = {**HEAD, "@context": {"a": "https://a.example/"}, "a:note": "x"}
    second = {**HEAD, "@context": {"a": "https://b.example/"}, "a:note": "x"}
    third = {**HEAD, "@context": {"b": "https://a.example"}, "b:note": "x"}
    digests = [one.digest for one in told("\n".join(json.dumps(one) for one in (first, second, third)).encode())]
    assert digests[0] != digests[1]
    assert digests[0] == digests[2]
