"""Home to the proof that scenarios are copied and changed without losing a letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.terms.errors import BadValue, InputError, UnknownName
from ytterby.world import drafts, scenarios
from ytterby.world.scenarios import Scenario


def whole(name: str, folder: Path) -> Scenario:
    return scenarios.load(name, folder)


@pytest.mark.parametrize("name", scenarios.names())
def test_a_copy_says_the_same_under_its_name(name: str, tmp_path: Path) -> None:
    copy = drafts.copied(drafts.draft(name, tmp_path), "my-own", tmp_path)
    assert copy.own
    assert not drafts.draft(name, tmp_path).own
    was, now = whole(name, tmp_path), whole("my-own", tmp_path)
    assert now.model_dump(exclude={"id"}) == was.model_dump(exclude={"id"})
    # Comments and all: only the line of the id is another.
    old, new = drafts.draft(name, tmp_path).text.splitlines(), copy.text.splitlines()
    assert [(a, b) for a, b in zip(old, new, strict=True) if a != b] == [(f"id: {name}", 'id: "my-own"')]


@pytest.mark.parametrize("name", ["", "a b", "../up", "Übung", "x" * 81, "-x", "a\n", "baseline", "april-2025"])
def test_a_copy_needs_a_free_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadValue):
        drafts.copied(drafts.draft("april-2025", tmp_path), name, tmp_path)
    assert not (tmp_path / "scenarios").exists()


@pytest.mark.parametrize("name", ["/etc/passwd", "../april-2025", "scenarios/x.yaml", "april-2025.yaml", "april"])
def test_only_names_are_opened(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownName):
        drafts.draft(name, tmp_path)


words = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1, max_size=40).filter(
    lambda text: text.split() != []
)


@settings(max_examples=60, deadline=None)
@given(en=words, zh=words, question=words, step=st.integers(1, 30), name=st.sampled_from(scenarios.names()))
def test_fields_are_set_and_the_rest_stays(en: str, zh: str, question: str, step: int, name: str) -> None:
    text = scenarios.path_of(name).read_text(encoding="utf-8")
    fields = {"title.en": en, "title.zh": zh, "question": question, "step_days": str(step), "start": "2025-02-03"}
    plan = scenarios.read(drafts.changed(text, fields, name), name)
    was = scenarios.load(name)
    assert (plan.title.en, plan.title.zh) == (" ".join(en.split()), " ".join(zh.split()))
    assert plan.question == " ".join(question.split())
    assert (plan.step_days, plan.start.isoformat()) == (step, "2025-02-03")
    touched = {"title", "question", "step_days", "start"}
    assert plan.model_dump(exclude=touched) == was.model_dump(exclude=touched)
    assert drafts.changed(text, dict.fromkeys(fields, ""), name) == text


def test_what_it_said_before_is_kept(tmp_path: Path) -> None:
    first = drafts.copied(drafts.draft("october-2025", tmp_path), "later", tmp_path)
    text = drafts.changed(first.text, {"end": "2026-12-31"}, "later")
    second, plan = drafts.saved("later", text, first.version, tmp_path)
    assert plan.end.isoformat() == "2026-12-31"
    again, _ = drafts.saved("later", second.text.replace("\n", "\r\n"), second.version, tmp_path)
    assert again.version == second.version
    ((_, path),) = drafts.older("later", tmp_path)
    assert path.read_text(encoding="utf-8") == first.text
    # What is kept is no scenario of its own.
    assert set(scenarios.names(tmp_path)) == {*scenarios.names(), "later"}


def test_two_who_change_one_file(tmp_path: Path) -> None:
    first = drafts.copied(drafts.draft("october-2025", tmp_path), "later", tmp_path)
    drafts.saved("later", drafts.changed(first.text, {"end": "2026-12-31"}, "x"), first.version, tmp_path)
    mine = drafts.changed(first.text, {"end": "2027-06-30"}, "x")
    with pytest.raises(BadValue, match="changed since you opened it"):
        drafts.saved("later", mine, first.version, tmp_path)
    assert whole("later", tmp_path).end.isoformat() == "2026-12-31"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("step_days: 7", "step_days: seven", "line 12, step_days"),
        ("end: 2027-12-31", "end: 2020-12-31", "2020-12-31"),
        ("step_days: 7", "stepdays: 7", "did you mean 'step_days'"),
        ('id: "later"', "id: other", "its id is 'other'"),
        ("extends: baseline", "extends: later", "circle"),
        ("question: What", "question: [What", "not YAML"),
    ],
)
def test_refusals_name_the_line_and_change_nothing(old: str, new: str, said: str, tmp_path: Path) -> None:
    first = drafts.copied(drafts.draft("october-2025", tmp_path), "later", tmp_path)
    assert old in first.text
    with pytest.raises(InputError) as error:
        drafts.saved("later", first.text.replace(old, new), first.version, tmp_path)
    assert said in str(error.value)
    assert drafts.draft("later", tmp_path).text == first.text
    assert drafts.older("later", tmp_path) == []


def test_the_packages_own_are_never_written(tmp_path: Path) -> None:
    given = drafts.draft("april-2025", tmp_path)
    with pytest.raises(BadValue, match="copy it first"):
        drafts.saved("april-2025", given.text + "\n# mine\n", given.version, tmp_path)
    with pytest.raises(UnknownName, match="unknown field"):
        drafts.changed(given.text, {"events": "[]"}, "x")


def test_levers_may_be_set_to_a_value() -> None:
    plan = scenarios.load("baseline")
    pulled = {e.name: e for e in plan.with_levers(["price-floor-for-all=90", "second-source-early"]).events}
    assert (pulled["price-floor-for-all"].value.median, pulled["price-floor-for-all"].value.kind) == (90.0, "point")
    own = next(lever for lever in plan.levers if lever.name == "second-source-early")
    assert pulled["second-source-early"].value == own.value
    for wrong in ("price-floor-for-all=-1", "price-floor-for-all=x", "price-floor-for-all=nan"):
        with pytest.raises(BadValue, match="lever 'price-floor-for-all'"):
            plan.with_levers([wrong])
    with pytest.raises(UnknownName, match="lever"):
        plan.with_levers(["price-flor=90"])
