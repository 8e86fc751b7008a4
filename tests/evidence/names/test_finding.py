"""Names are found where they stand: boundaries, case, context, both scripts, and wild text."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.names import Entity, Named, entities, entity, find, lookup
from ytterby.terms.errors import UnknownName
from ytterby.terms.text import fold

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))

_ALIASES = [name for one in entities() for name in one.names]
SOUP = st.lists(
    st.one_of(
        st.sampled_from([*"中美日欧对陆方企出口，。、 -\n$'’İß", "US", "MP", "us", "第61号", "rare", "earth", "s"]),
        st.text(max_size=4),
    ),
    max_size=25,
).map("".join)


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    text = case["text"]
    found = {(text[one.start : one.end], one.entity.id) for one in find(fold(text))}
    for words, name in case.get("finds", {}).items():
        assert (words, name) in found
    for name in case.get("misses", []):
        assert name not in {other for _, other in found}


@given(SOUP)
def test_found_names_lie_in_order_inside_the_text(text: str) -> None:
    folded = fold(text)
    found = find(folded)
    assert all(0 <= one.start < one.end <= len(folded) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(SOUP, SOUP)
def test_what_stands_in_another_paragraph_changes_nothing(one: str, other: str) -> None:
    first, second = fold(one), fold(other)
    gap = "\n。\n。\n"
    whole = find(first + gap + second)
    shift = len(first) + len(gap)
    alone = [Named(hit.start + shift, hit.end + shift, hit.entity) for hit in find(second)]
    tail = [hit for hit in whole if hit.start >= shift]
    # Context looks back over a few characters; the gap keeps it out of the paragraph before.
    assert tail[1:] == alone[1:] or tail == alone


@given(st.sampled_from(entities()), st.data())
def test_traditional_script_finds_the_same(one: Entity, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(one.names))
    assert find(fold(name)) == find(fold(fold(name)))
    assert lookup(name) == lookup(fold(name))


def test_the_longest_of_those_that_begin_together() -> None:
    (one,) = find("China Northern Rare Earth")
    assert one.entity.id == "nre"
    (other,) = find("US Geological Survey")
    assert other.entity.id == "usgs"


def test_lookup_takes_any_case_and_script() -> None:
    for text in ("lynas", "LYNAS", " Lynas  Rare Earths ", "萊納斯", "莱纳斯"):
        found = lookup(text)
        assert found is not None
        assert found.id == "lynas"
    assert [getattr(lookup(text), "id", "") for text in ("KIA", "Kia", "US", "us")] == ["kia", "kia-motors", "US", "US"]
    assert lookup("") is None
    assert lookup("nobody at all") is None


def test_entity_suggests_the_nearest_id() -> None:
    assert entity("lynas").place == "AU"
    with pytest.raises(UnknownName) as caught:
        entity("lynass", "brief.yaml line 3")
    assert "lynas" in caught.value.suggestions
    assert "brief.yaml line 3" in str(caught.value)


def test_empty_and_plain_text() -> None:
    assert find("") == []
    assert find("nothing of the field stands here") == []
