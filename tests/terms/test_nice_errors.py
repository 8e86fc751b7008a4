"""Errors: cause, place and remedy are there, in one or two lines, and survive a trip between processes."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.terms import errors

CASES = [
    errors.YtterbyError("no run is kept", place="runs/", remedy="make one: ytterby run april-2025"),
    errors.BadValue("capacity is negative (-3 t/y)", place="facilities.csv line 3", remedy="write 0 or more"),
    errors.UnknownName("Lynass", ["Lynas", "MP"], "facility", "overlay/links.csv line 2, column from"),
    errors.Unbalanced("recipe makes matter: Dy", place="recipes.csv line 9", remedy="lower the yield to 0.97"),
    errors.DateOrder("ends before it starts", place="scenario.yaml line 4", remedy="swap the dates"),
    errors.StoreError("the disk is full", place="/project", remedy="free some space"),
    errors.RunError("zero draws", place="--draws", remedy="ask for 1 or more"),
]


@pytest.mark.parametrize("error", CASES, ids=lambda e: type(e).__name__)
def test_one_or_two_lines_with_everything_in_them(error: errors.YtterbyError) -> None:
    lines = str(error).splitlines()
    assert len(lines) == 2
    assert lines[0] == f"{error.cause} · {error.place}"
    assert lines[1] == error.remedy
    assert error.exit_code == 1
    assert error.to_dict() == {
        "kind": type(error).__name__,
        "cause": error.cause,
        "place": error.place,
        "remedy": error.remedy,
    }


@pytest.mark.parametrize("error", CASES, ids=lambda e: type(e).__name__)
def test_they_travel_between_processes(error: errors.YtterbyError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_the_tree() -> None:
    refused = {errors.UnknownName, errors.BadValue, errors.Unbalanced, errors.DateOrder}
    own = {kind for kind in errors.InputError.__subclasses__() if kind.__module__ == errors.__name__}
    assert own == refused
    assert {errors.InputError, errors.StoreError, errors.RunError} <= set(errors.YtterbyError.__subclasses__())


def test_the_nearest_name_comes_first_and_case_does_not_matter() -> None:
    error = errors.UnknownName("LYNAS_KUANTAM", ["lynas_kuantan", "lynas_kalgoorlie", "mp"], "facility")
    assert error.suggestions[0] == "lynas_kuantan"
    assert "did you mean 'lynas_kuantan'" in error.remedy


def test_few_names_are_listed_when_none_is_near() -> None:
    assert errors.UnknownName("qqq", ["share", "price"]).remedy == "known: price, share"
    assert errors.UnknownName("qqq", []).remedy == ""


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=8))
def test_wild_names_stay_on_one_line(name: str, known: list[str]) -> None:
    error = errors.UnknownName(name, known)
    assert len(error.cause.splitlines()) == 1
    assert len(error.cause) < 900


def test_importing_terms_costs_little() -> None:
    heavy = "{'pycountry', 'opencc', 'numpy', 'jax', 'pydantic'}"
    code = f"import sys, ytterby.terms; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_are_there() -> None:
    import ytterby.terms as terms

    assert list(terms.__all__) == sorted(terms.__all__)
    for name in terms.__all__:
        assert getattr(terms, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        _ = terms.nothing
