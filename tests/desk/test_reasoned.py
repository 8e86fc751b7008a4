"""Home to the proof that whatever the law gives as a reason is said in both languages from its key and its figures."""

from __future__ import annotations

import ast
import datetime
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from ytterby.desk import lawyerly, reasoned, tracing
from ytterby.desk.blocks import Tongue, flat
from ytterby.project import law as project_law
from ytterby.rules import clauses, facts, gates, licences, planned, reasons, regimes, screening, verdicts
from ytterby.rules.reasons import ENGLISH, FREE, Reason, reason
from ytterby.terms.line import Figure, Line

Day = datetime.date
TODAY = Day(2026, 11, 21)
CASES = Path(__file__).parents[1] / "cases"
NAMES = frozenset({
    "by", "clause", "clauses", "codes", "grade", "here", "home", "licence", "list", "lists", "name", "names", "party",
    "places", "reading", "there", "because", "reviewer", "beyond",
})  # fmt: skip
"""Figures that are names, codes of law, or what a person wrote: they stay as they are."""
LATIN = re.compile("[A-Za-z]{2,}")
HAN = re.compile("[一-鿿]")


def fields(words: str) -> set[tuple[str, str]]:
    """(figure, how it is written) of a sentence."""
    return {(name, spec or "") for _, name, spec, _ in string.Formatter().parse(words) if name}


def test_every_key_has_a_sentence_in_both_languages() -> None:
    assert set(reasoned.CHINESE) == set(ENGLISH)
    for key, english in ENGLISH.items():
        chinese = reasoned.CHINESE[key]
        assert english.isascii()
        assert fields(chinese) <= fields(english), key
        assert {name for name, _ in fields(english) - fields(chinese)} <= FREE, key
        bare = re.sub(r"\{[^}]*\}", "", chinese)
        assert not LATIN.search(bare), key


def made() -> tuple[set[str], set[str]]:
    """Keys of the reasons that the code makes, and the beginnings of those whose end hangs on a figure."""
    keys, begun = set(), set()
    files = [*Path(reasons.__file__).parent.rglob("*.py"), Path(project_law.__file__)]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.lower() == "reason"
            if not named:
                continue
            for one in choices(node.args[0]):
                if isinstance(one, ast.JoinedStr) and isinstance(one.values[0], ast.Constant):
                    begun.add(str(one.values[0].value))
                elif isinstance(one, ast.Constant):
                    keys.add(str(one.value))
    return keys, begun


def choices(one: ast.expr) -> list[ast.expr]:
    """What an expression may come to: both sides of a condition."""
    return [*choices(one.body), *choices(one.orelse)] if isinstance(one, ast.IfExp) else [one]


def test_the_table_has_what_is_said_and_nothing_else() -> None:
    keys, begun = made()
    assert begun == {"about_", "met_", "other_"}
    shares = {"share_below", "share_from", "share_none_or_from"}  # chosen beside the comparison they tell of
    listings = {"on_list", "on_list_graded", "on_list_noted"}
    assert keys <= set(ENGLISH)
    left = set(ENGLISH) - keys - shares - listings
    assert all(any(key.startswith(head) for head in begun) for key in left), left
    for activity in get_args(facts.Activity):
        assert f"about_{activity}" in ENGLISH
    for policy in get_args(clauses.Policy):
        assert not policy or f"met_{policy}" in ENGLISH
    for fault in get_args(licences.Fault):
        assert str(licences.Miss(fault, "L1", taken=("general",), standing="expired", day=TODAY))
    assert set(ENGLISH) >= tracing.ELSEWHERE


def test_every_code_has_words() -> None:
    status = {*get_args(licences.Permit.model_fields["status"].annotation)} - {"granted", "applied"}
    for figure, known in (
        ("form", get_args(clauses.Form)),
        ("end", ("civil", "military")),
        ("ends", get_args(clauses.EndUse)),
        ("trigger", get_args(clauses.Trigger)),
        ("outcome", verdicts.OUTCOMES),
        ("kind", get_args(licences.Permit.model_fields["kind"].annotation)),
        ("granted", get_args(licences.Mode)),
        ("sent", get_args(licences.Mode)),
        ("standing", {*status, "pending", "not yet valid", "expired"}),
    ):
        for code in known:
            assert HAN.search(reasoned.CODES[figure][code]), (figure, code)
    assert set(lawyerly.FORMS) == set(get_args(clauses.Form))


@cache
def held(known: Day, reading: str) -> verdicts.Law:
    return verdicts.law(known, reading)


def of_cases() -> Iterator[Reason]:
    """What comes out of every case of the law, under every reading."""
    for path in sorted((CASES / "verdicts").glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            for name in regimes.readings():
                one = verdicts.under(held(case.get("known", TODAY), name), facts.of(case["facts"]), case["day"])
                yield from (why for _, why in (*one.passed_over, *one.missing))
                yield from (ground.stands for ground in one.reasons)
                yield from one.notes


def of_licences() -> Iterator[Reason]:
    for case in yaml.safe_load((CASES / "licences.yaml").read_text(encoding="utf-8")):
        known = licences.Holdings.model_validate({"permits": case["permits"], "shipments": case["shipments"]})
        drawn = licences.draw_down(known.permits, known.shipments).drawn
        yield from (one.miss.reason for one in drawn if one.miss is not None)
    for fault in get_args(licences.Fault):
        yield licences.Miss(
            fault, "L1", beyond=("Dy",), kind="general", taken=("individual", "certificate"), standing="expired",
            day=TODAY, modes=("sea", "air"),
        ).reason  # fmt: skip
    for outcome in verdicts.OUTCOMES:
        for why in (None, reason("ask_check")):
            yield planned.Covered("1", TODAY, outcome, (), "", why).fate


def of_screening() -> Iterator[Reason]:
    for name in (
        "JAXA",
        "Subaru Co., Ltd.",
        "Mitsubishi Heavy Ind.",
        "MHI",
        "Rheinmetal AG",
        "Lockheed Martin Space",
        "TDK-Lambda",
    ):
        for country in (None, "FR"):
            yield from (one.why for one in screening.screen(name, country))
    decided = screening.Decision("Muster", "TDK Corporation", "", "Bo", "asked them", "2026-01-02T00:00:00")
    yield from (one.why for one in screening.screen("Muster", decisions={"muster": decided}))


def of_gates() -> Iterator[Reason]:
    many = [
        gates.GateClass(origin, to, form, frozenset({"Dy"}), military, frozenset(), chinese, 0.0, not chinese)
        for origin in ("CN", "JP") for to in ("CN", "US", "DE") for form in ("oxide", "assembly")
        for military in (False, True) for chinese in (False, True)
    ]  # fmt: skip
    found = gates.gates(many, gates.count_days([Day(2025, 10, 20), TODAY]), TODAY)
    for row in range(len(many)):
        for step in (0, 1):
            yield from (why for _, why in found.passed_over(row, step))


def unnamed(one: Line) -> Line:
    """The same without names and free English: what is left has to be Chinese."""

    def bare(name: str, of: Any) -> Figure:
        if isinstance(of, Line):
            return unnamed(of)
        if isinstance(of, tuple) and any(isinstance(each, Line) for each in of):
            return tuple(unnamed(each) for each in of)
        return "·" if name in NAMES | FREE else of

    return Reason(one.key, tuple((name, bare(name, of)) for name, of in one.figures))


@pytest.mark.parametrize("source", [of_cases, of_licences, of_screening, of_gates])
def test_what_the_law_says_reads_in_chinese(source: Any) -> None:
    seen = set(source())
    assert seen
    for one in seen:
        said = reasoned.told(one, "zh")
        pieces = said if isinstance(said, list) else [said]
        assert isinstance(pieces[0], str)
        assert HAN.search(pieces[0]), one
        assert all(isinstance(piece, Tongue) and piece.lang == "en" for piece in pieces[1:])
        chinese = flat(reasoned.told(unnamed(one), "zh"))  # type: ignore[arg-type]
        assert not LATIN.search(str(chinese)), (one, chinese)
        assert reasoned.told(one, "en") == str(one)
