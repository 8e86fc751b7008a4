"""Home to the cases of extraction: sentences with what a reader keeps of them, one file per family of kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.evidence.extract.passages import document

from ytterby.evidence.claims import KINDS, Claim
from ytterby.evidence.extract import extract

FOLDER = Path(__file__).resolve().parents[2] / "cases" / "claims"
CASES: list[tuple[str, dict[str, Any]]] = [
    (f"{path.stem}: {case['text'][:32]}", case)
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_a_sentence_gives_what_a_reader_keeps_and_nothing_else(case: dict[str, Any]) -> None:
    claims = extract(document(case["text"], date=case["date"], title=case.get("title", "")))
    assert [_said(claim, want) for claim, want in zip(claims, case["claims"], strict=False)] == case["claims"]
    assert len(claims) == len(case["claims"])


def test_the_cases_cover_both_languages_and_the_kinds() -> None:
    texts = [case["text"] for _, case in CASES]
    assert len(texts) >= 80
    chinese = [text for text in texts if any(char > "\u2e80" for char in text)]
    assert min(len(chinese), len(texts) - len(chinese)) >= 30
    told = {claim["kind"] for _, case in CASES for claim in case["claims"]}
    assert told == set(KINDS) - {"rank"}


def _said(claim: Claim, want: dict[str, Any]) -> dict[str, Any]:
    """What a claim says in the slots a case names; slots a case leaves out are not asked."""
    measure = claim.measure
    told: dict[str, Any] = {}
    for slot in want:
        if slot in ("action", "instrument"):
            told[slot] = getattr(measure, slot) if measure else ""
        else:
            told[slot] = getattr(claim, slot)
        if slot in ("value", "low", "high") and told[slot] is not None:
            told[slot] = pytest.approx(told[slot])
    return told
