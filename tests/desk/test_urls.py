"""Home to the proof that every address that is built is parsed back to itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.desk import urls
from ytterby.desk.urls import Address

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.one_of(
    text, st.sampled_from(["", ".", "..", "-", "~", "~.", "a/b", "notes.json", ".csv", "a.html", "%2F", "?"])
)
keys = text.filter(bool)


@given(
    page=st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True),
    about=st.lists(names, max_size=3),
    asked=st.lists(st.tuples(keys, text), max_size=3),
    lang=st.sampled_from(urls.LANGS),
    form=st.sampled_from(urls.FORMS),
    part=st.one_of(st.just(""), names.filter(bool)),
)
def test_parse_undoes_path(
    page: str, about: list[str], asked: list[tuple[str, str]], lang: urls.Lang, form: urls.Form, part: str
) -> None:
    address = Address(page, tuple(about), tuple(asked), lang, form, part)
    path, _, query = address.path.partition("?")
    assert urls.parse(path, query) == address
    assert path.isascii()
    assert ".." not in path.split("/")
    assert "//" not in path


@given(st.text(max_size=60))
def test_wild_paths_are_an_address_or_none(path: str) -> None:
    found = urls.parse(path)
    if found is not None:
        assert urls.parse(*found.path.split("?", 1)) == found
    urls.moved(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/", "/en/today"),
        ("/zh", "/zh/today"),
        ("/zh/", "/zh/today"),
        ("/claims", "/en/claims"),
        ("/article/3f9a", "/en/document/3f9a"),
        ("/zh/method.json", "/zh/sources.json"),
        ("/en/claims/", "/en/claims"),
    ],
)
def test_old_addresses_lead_somewhere(old: str, new: str) -> None:
    found = urls.moved(old)
    assert found is not None
    assert found.path == new
    assert urls.moved(found.path) is None


def test_the_old_question_of_language_is_kept() -> None:
    found = urls.moved("/claims", "kind=share&lang=zh")
    assert found is not None
    assert found.path == "/zh/claims?kind=share"


def test_a_switch_of_language_keeps_the_rest() -> None:
    address = urls.to("claims", lang="en", asked={"kind": "share", "place": "CN"})
    assert address.spoken("zh").path == "/zh/claims?kind=share&place=CN"
    assert address.spoken("zh").spoken("en") == address


def test_asking_changes_one_question() -> None:
    address = urls.to("claims", asked={"kind": "share", "page": "3"})
    assert address.asking({"page": None, "place": "JP"}).path == "/en/claims?kind=share&place=JP"
