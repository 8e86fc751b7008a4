"""What is done quickly for many says what is done slowly for each."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.custody.epcis.test_plain import URIS

from ytterby.custody.epcis import Refused, read
from ytterby.custody.epcis.identifiers import identifier, of_known
from ytterby.custody.epcis.jsontext import parsed, parsed_all
from ytterby.custody.epcis.made import Flaw
from ytterby.custody.event import Assay, Event, Piece
from ytterby.custody.making import quickly

HEADS = (
    "urn:epc:class:lgtin:9521234.000011.", "urn:epc:id:sgtin:9521234.000011.", "urn:epc:id:gdti:9521234.00001.",
    "urn:epc:id:sgln:9521234.00001.", "urn:epc:idpat:sgtin:9521234.000011.", "urn:epc:id:sgtin:9521234.",
    "urn:epc:id:giai:9521234.", "urn:epc:id:sgtin:95212345.000011.", "urn:epc:id:itip:9521234.000011.01.02.",
    "urn:epc:class:lgtin:9521234.000011.7.", "urn:epc:", "https://lots.example/7.", "class:lgtin:9521234.000011.",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(URIS),
    st.builds(str.__add__, st.sampled_from(HEADS), st.text("A7.%*稀/", max_size=25)),
    st.text(max_size=9),
)


@given(TEXTS)
def test_an_address_is_the_same_by_its_product(uri: str) -> None:
    slow = identifier(uri)
    if slow.fault:
        with pytest.raises(ValueError, match=r".") as told:
            of_known(uri)
        assert str(told.value) == slow.fault
    else:
        assert of_known(uri) == (slow.address, slow.level)


LINES = st.one_of(
    st.sampled_from([b'{"a":1,"a":1}', b'{"a":1,"a":2}', b'{"a":"\\u003a","b":1}', b"[1]", b"7", b"{", b'{"a":NaN}']),
    st.dictionaries(st.text(max_size=3), st.one_of(st.text(":a\\", max_size=3), st.integers(-9, 9)), max_size=3).map(
        orjson.dumps
    ),
)


@given(st.lists(LINES, min_size=1, max_size=5))
def test_objects_parsed_at_once_are_those_parsed_one_by_one(lines: list[bytes]) -> None:
    made = parsed_all(b"\n".join(lines), lines)
    try:
        slow: list[dict[str, Any]] | None = [parsed(line) for line in lines]
    except Flaw:
        slow = None
    assert made is None or made == slow
    clean = slow is not None and not any(b"\\" in line for line in lines) and b'{"a":1,"a":1}' not in lines
    assert (made is not None) == clean


@pytest.mark.parametrize("deep", [200, 253, 254, 300, 1000, 3000])
def test_what_nests_too_deep_is_refused_among_others(deep: int) -> None:
    line = b'{"type":"ObjectEvent","a:b":' + b"[" * deep + b"]" * deep + b"}"
    found = list(read(b"\n".join([b'{"x":1}', line, b'{"x":2}']), "deep.jsonl"))
    assert [type(one) for one in found] == [Refused] * 3
    assert [one.path.partition("/")[0] for one in found if isinstance(one, Refused)] == [
        f"deep.jsonl#line {n}" for n in (1, 2, 3)
    ]


@given(st.lists(st.sampled_from([b"", b"  ", b"\r", b'{"x":1}', b"{", b"x" * 40_000]), max_size=9), st.booleans())
def test_lines_keep_their_numbers_however_they_are_taken_together(lines: list[bytes], ends: bool) -> None:
    lines = [b'{"x":0}', b'{"x":0}', *lines]
    found = list(read(b"\n".join(lines) + b"\n" * ends, "x"))
    expected = [f"x#line {n}" for n, line in enumerate(lines, 1) if line.strip()]
    assert [one.path.partition("/")[0] for one in found if isinstance(one, Refused)] == expected


def test_what_is_made_in_number_is_what_is_made_singly() -> None:
    said = ("e", "object", 7, 480, (Piece("lot", "what", 1),))
    made, one = quickly(Event)(*said, step="shipping"), Event(*said, step="shipping")  # type: ignore[arg-type]
    assert made == one
    assert type(made) is Event
    assert hash(made) == hash(one)
    assert repr(made) == repr(one)
    assert pickle.loads(pickle.dumps(made)) == one
    assert quickly(Assay)("Nd", 5) == Assay("Nd", 5)
    with pytest.raises(FrozenInstanceError):
        made.step = "receiving"  # type: ignore[misc]
    with pytest.raises(TypeError):
        quickly(Piece)("lot")


def test_what_does_something_when_it_is_made_is_not_made_in_number() -> None:
    @dataclass(frozen=True, slots=True)
    class Checked:
        size: int

        def __post_init__(self) -> None:
            assert self.size > 0

    with pytest.raises(AssertionError):
        quickly(Checked)
