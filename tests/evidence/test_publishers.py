from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import exports

from ytterby.evidence.claims import Claim, Confidence, Source
from ytterby.evidence.publishers import GRADES, grade, graded, publisher, publishers
from ytterby.evidence.sources import sources
from ytterby.terms.text import fold


def test_the_table_is_whole() -> None:
    every = publishers()
    assert len(every) >= 150
    names = Counter(name for one in every for name in {fold(n).casefold() for n in (one.name, *one.names)})
    assert [name for name, count in names.items() if count > 1] == []
    domains = Counter(domain for one in every for domain in one.domains)
    assert [domain for domain, count in domains.items() if count > 1] == []
    assert {one.kind for one in every} == set(GRADES)
    assert all("/" not in domain and domain == domain.lower() for domain in domains)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source(publisher="海關總署"), "A"),
        (Source(url="http://www.mofcom.gov.cn/article/1.html"), "A"),
        (Source(publisher="路透"), "B"),
        (Source(publisher="工业和信息化部 自然资源部"), "A"),
        (Source(publisher="商務部、海關總署"), "A"),
        (Source(publisher="udn.com"), "B"),
        (Source(publisher="Sou Hu Cai Jing"), "C"),
        (Source(publisher="Reuters via Yahoo Taiwan"), "C"),
        (Source(publisher="China General Administration of Customs via Reuters"), "B"),
        (Source(publisher="Somebody", url="https://udn.com/news/story/1"), "B"),
        (Source(publisher="Reuters", url="https://somewhere.example/1"), "B"),
        (Source(publisher="Somebody", url="https://notudn.com/1"), "C"),
        (Source(), "C"),
    ],
)
def test_a_source_is_graded_by_who_prints_it(source: Source, expected: Confidence) -> None:
    assert grade(source) == expected


def test_only_what_was_read_is_graded_anew(claims: tuple[Claim, ...]) -> None:
    assert graded(claims) == list(claims)
    agency, page = exports(280), exports(280, publisher="搜狐")
    kept, lowered = graded([agency, page])
    assert kept is agency
    assert (lowered.confidence, lowered.assumed) == ("C", True)
    assert lowered.id != page.id
    assert graded([lowered]) == [lowered]


def test_the_list_of_sources_tells_kind_and_grade() -> None:
    (one,) = sources([exports(280)])
    assert (one.kind, one.grade) == ("agency", "B")
    (unknown,) = sources([exports(280, publisher="Somebody")])
    assert (unknown.kind, unknown.grade) == ("", "C")


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_name_and_address_has_a_grade(name: str, url: str) -> None:
    assert grade(Source(publisher=name, url=url)) in get_args(Confidence)
    assert publisher(name, url) is None or publisher(name, url) in publishers()
