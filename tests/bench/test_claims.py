"""The scorer itself: a perfect reader scores one, and each kind of error costs its own level and no other."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from bench.claims import Score, main, score
from bench.gold import BadGold, Gold, file_of, lines, placed, stand_in

from bench import agree
from ytterby.evidence.claims import Claim
from ytterby.evidence.documents import Document

TEXT = "title: t\n\n7月對美出口619公噸，比6月少7.6%。\n商務部要求出口商申請許可。\n"
ROWS = [
    {"doc": "corpus:01", "sentence": "7月對美出口619公噸", "span": [0, 11], "kind": "trade_change", "subject": "China",
     "object": "rare earth magnet exports to US", "place": "United States", "value": 619, "unit": "t",
     "time": "2025-07", "polarity": "asserted", "note": "level"},
    {"doc": "corpus:01", "sentence": "比6月少7.6%", "span": [12, 20], "kind": "trade_change", "subject": "China",
     "object": "rare earth magnet exports to US", "place": "United States", "value": -7.6, "unit": "%",
     "time": "2025-07 vs 2025-06", "polarity": "asserted"},
    {"doc": "corpus:01", "sentence": "商務部要求出口商申請許可", "span": [22, 34], "kind": "policy_measure",
     "subject": "MOFCOM", "object": "export licence", "place": "China", "value": None, "unit": None, "time": None,
     "polarity": "asserted", "measure": {"action": "control"}},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "01.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "gold.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    return tmp_path


@pytest.fixture
def marked(folder: Path) -> list[Gold]:
    return lines(folder / "gold.jsonl")


def truth(document: Document, marked: list[Gold]) -> list[Claim]:
    made = []
    for gold in marked:
        start, end = placed(gold, document.text)
        kind = "measure" if gold.kind == "policy_measure" else "trade_volume" if gold.note else "trade_change"
        made.append(
            Claim(
                start=start,
                end=end,
                quote=document.text[start:end],
                kind=kind,
                subject=gold.subject,
                object=gold.object,
                place="CN",
                counterpart="US",
                value=gold.value,
                unit=gold.unit,
                period=gold.time[:7],
                measure={"action": "control"} if kind == "measure" else None,
            )
        )
    return made


def scored(folder: Path, marked: list[Gold], **changes: object) -> Score:
    documents = {"corpus:01": stand_in(file_of(folder, "corpus:01"))}
    made = [claim.model_copy(update=changes) for claim in truth(documents["corpus:01"], marked)]
    return score(documents, marked, lambda _: made)


def test_a_perfect_reader_scores_one(folder: Path, marked: list[Gold]) -> None:
    perfect = scored(folder, marked)
    for level in ("mention", "value+unit", "+ kind", "+ subject", "full tuple"):
        assert perfect.rate(level).f1 == 1.0
        assert perfect.rate(level, figured=False).f1 == 1.0
    assert perfect.measures().recall == 1.0
    assert all(hits == asked for hits, asked in perfect.measure_slots().values())
    assert not perfect.missed
    assert not perfect.extra


@pytest.mark.parametrize(
    ("change", "falls", "stays"),
    [
        ({"value": 1.0}, "value+unit", "mention"),
        ({"unit": "kg"}, "value+unit", "mention"),
        ({"kind": "price"}, "+ kind", "+ subject"),
        ({"subject": "Japan"}, "+ subject", "+ kind"),
        ({"modality": "forecast"}, "full tuple", "+ subject"),
    ],
)
def test_each_error_costs_its_own_level(
    folder: Path, marked: list[Gold], change: dict[str, object], falls: str, stays: str
) -> None:
    made = scored(folder, marked[:2], **change)
    assert made.rate(falls).hits == 0
    assert made.rate(stays).f1 == 1.0


def test_sign_counts_in_the_tuple_only(folder: Path, marked: list[Gold]) -> None:
    documents = {"corpus:01": stand_in(file_of(folder, "corpus:01"))}
    made = truth(documents["corpus:01"], marked)
    turned = [made[0], made[1].model_copy(update={"value": 7.6}), made[2]]
    found = score(documents, marked, lambda _: turned)
    assert found.rate("+ kind").f1 == 1.0
    assert found.rate("full tuple").hits == 1


def test_what_nobody_marked_costs_precision_and_not_recall(folder: Path, marked: list[Gold]) -> None:
    documents = {"corpus:01": stand_in(file_of(folder, "corpus:01"))}
    made = truth(documents["corpus:01"], marked)
    again = made[0].model_copy(update={"value": 6.0})
    rate = score(documents, marked, lambda _: [*made, again]).rate("value+unit")
    assert rate.recall == 1.0
    assert rate.precision == pytest.approx(2 / 3)


def test_pairs_are_one_to_one(folder: Path, marked: list[Gold]) -> None:
    documents = {"corpus:01": stand_in(file_of(folder, "corpus:01"))}
    made = truth(documents["corpus:01"], marked)
    twice = [replace(marked[0], number=9), *marked]
    found = score(documents, twice, lambda _: made)
    assert len(found.pairs) == len(made)
    assert len(found.missed) == 1


@pytest.mark.parametrize(
    ("gold", "claim", "same"),
    [
        ("MOFCOM/GAC", "MOFCOM", True),
        ("US Department of Defense", "Pentagon", True),
        ("humanoid robot", "Humanoid robots", True),
        ("China", "中国", True),
        ("Kachin (Myanmar)", "Kachin", True),
        ("China", "Japan", False),
        ("US defence", "United States", False),
        ("MP Materials", "Lynas", False),
    ],
)
def test_names(gold: str, claim: str, same: bool) -> None:
    assert agree.named_alike(gold, claim) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2025-12 vs 2025-11", "2025-12", True),
        ("by 2030", "2030", True),
        ("now (2025)", "2025", True),
        ("2025-01/2025-03", "2025-Q1", True),
        ("2024-09/2025-03", "2024-09..2025-03", True),
        ("2025-12", "2025", False),
        ("2025-11-07/2026-11-10", "2025-11-07", False),
    ],
)
def test_times(one: str, other: str, same: bool) -> None:
    first, second = agree.span_of(one), agree.span_of(other)
    assert first is not None
    assert second is not None
    assert ((first.start, first.end) == (second.start, second.end)) is same


def test_gold_that_does_not_fit_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {**ROWS[0], "sentence": "nowhere"}
    (folder / "gold.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert main(["--documents", str(folder)]) == 1
    assert "line 1" in capsys.readouterr().err
    (folder / "gold.jsonl").write_text('{"doc": "corpus:01"}', encoding="utf-8")
    with pytest.raises(BadGold, match="line 1"):
        lines(folder / "gold.jsonl")


def test_held_out_prints_no_words_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--documents", str(folder)]) == 0
    assert "619公噸" not in capsys.readouterr().out
