"""Places: exact codes and names in both scripts, suggestions instead of guesses."""

from __future__ import annotations

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.terms.errors import UnknownName
from ytterby.terms.places import place, places


def test_every_kept_code_is_iso_or_one_of_three() -> None:
    for code in set(places()) - {"EU", "ZZ", "WLD"}:
        assert pycountry.countries.get(alpha_2=code) is not None, code
    assert {p.kind for p in places().values()} == {"country", "union", "rest", "world"}


def test_no_name_stands_for_two_places() -> None:
    from ytterby.terms.text import fold

    owners: dict[str, set[str]] = {}
    for one in places().values():
        for form in (one.code, one.en, one.zh, *one.synonyms):
            owners.setdefault(fold(form).casefold(), set()).add(one.code)
    assert not {form: codes for form, codes in owners.items() if len(codes) > 1}


@given(st.sampled_from(sorted(places())))
def test_every_name_leads_home(code: str) -> None:
    one = places()[code]
    for form in (one.code, one.en, one.zh, one.en.upper(), f" {one.en} ", *one.synonyms):
        assert place(form).code == code


def test_english_names_agree_with_iso() -> None:
    for code, one in places().items():
        country = pycountry.countries.get(alpha_2=code)
        if country is not None:
            assert place(country.name) is one
            assert place(country.alpha_3) is one


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("美国", "US"),
        ("美國", "US"),
        ("日本", "JP"),
        ("緬甸", "MM"),
        ("Burma", "MM"),
        ("EU27", "EU"),
        ("various", "ZZ"),
    ],
)
def test_names_people_write(text: str, code: str) -> None:
    assert place(text).code == code


def test_a_country_outside_the_table_comes_from_iso() -> None:
    one = place("Bangladesh")
    assert (one.code, one.kind, one.lat) == ("BD", "country", None)
    assert one.zh.startswith("孟加拉")


def test_centroids_are_on_the_globe() -> None:
    for one in places().values():
        assert (one.lat is None) == (one.lon is None) == (one.kind != "country") or one.code == "EU"
        if one.lat is not None and one.lon is not None:
            assert -60 < one.lat < 80
            assert -180 <= one.lon <= 180


@pytest.mark.parametrize(
    ("wrong", "meant"), [("Myanmr", "Myanmar"), ("Untied States", "United States"), ("Chnia", "China")]
)
def test_a_wrong_name_suggests_the_right_one(wrong: str, meant: str) -> None:
    with pytest.raises(UnknownName) as caught:
        place(wrong, "links.csv line 9")
    assert meant in caught.value.suggestions
    assert "links.csv line 9" in str(caught.value)
