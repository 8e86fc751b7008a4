"""The verb `explain`: an answer kept before is told at once, for people and machines; wrong questions are refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from ytterby.decisions.kept import Decision
from ytterby.project import Project

INPUT = {
    "name": "licensing:grant_civil", "label": {"en": "share granted, civil", "zh": "民用批准率"}, "unit": "",
    "assumed": True, "fitted": True, "middle": 0.9, "below": 0.8, "above": 0.95, "slope": -40.0, "at_middle": -38.0,
    "low": 4.0, "high": -2.0, "mean": -3.0, "typical": 3.1, "worth": 0.4, "sourced": True, "claims": [["c1", 1.0]],
}  # fmt: skip
CLAIM = {
    "document": "d", "passage": 2, "publisher": "CLEPA", "title": "", "date": "2025-06-04", "quote": "a quarter",
    "subject": "", "object": "", "access": "read", "confidence": "A", "assumed": False,
}  # fmt: skip
ANSWER = {
    "asked": {"metric": "line-stop", "product": "car", "region": "", "material": "", "when": "", "goal": 0.0},
    "unit": "day", "start": "2025-01-01", "controls_from": "2025-04-04", "middle": 130.0, "smooth": 131.0,
    "draws": {"5": 100.0, "25": 110.0, "50": 130.0, "75": 140.0, "95": 150.0}, "never": 0.0, "count": 4143,
    "inputs": [INPUT], "sentences": [{"claim": "c1", "effect": -3.0, "typical": 3.1, "figures": [["x", 1.0]]}],
    "numbers": [], "kinds": {"lead": 2345}, "agreed": 1, "claims": {"c1": CLAIM},
    "sobol": [{"name": "licensing:grant_civil", "first": 0.5, "first_off": 0.1, "total": 0.6, "total_off": 0.1}],
    "scenario_title": {"en": "As things stand", "zh": "现状延续"},
}  # fmt: skip
MADE = Decision("explain", "0123456789ab", "2026-11-22", {"en": "It moves", "zh": "影响"}, "", {"seed": 0}, ANSWER)


def test_what_moves_an_outcome_is_told(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(Project, "explain", lambda self, *a, **k: asked.append((a, k)) or MADE)
    told = ask("explain", "baseline", "--product", "car", "--month", "2026", "--sobol", "64", "--json").value
    assert told["answer"]["inputs"][0]["typical"] == 3.1
    assert asked[0][0] == ("baseline",)
    assert {key: asked[0][1][key] for key in ("product", "when", "sobol")} == {
        "product": "car", "when": "2026", "sobol": 64,
    }  # fmt: skip
    shown = ask("explain")
    assert shown.status == 0
    for words in ("It moves", "share granted, civil", "CLEPA, 2025-06-04", "4,143 slopes", "0123456789ab"):
        assert words in shown.out + shown.err
    empty = dataclasses.replace(MADE, answer={**ANSWER, "inputs": [], "sobol": []})
    monkeypatch.setattr(Project, "explain", lambda self, *a, **k: empty)
    assert ask("explain").status == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--product", "card"), "did you mean 'car'"),
        (("no-such",), "no-such"),
        (("--draws", "2"), "draws"),
        (("--metric", "exports", "--month", "soon"), "month"),
    ],
)
def test_nice_errors(ask: Any, words: tuple[str, ...], said: str) -> None:
    told = ask("explain", *words)
    assert told.status == 1
    assert said in told.err
