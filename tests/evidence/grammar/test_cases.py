from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ytterby.evidence.grammar import Quantity, bases, quantities, sentences, times
from ytterby.terms.periods import parse_period
from ytterby.terms.text import fold

_CASES = Path(__file__).parent / "cases"


def _rows(name: str) -> list[Any]:
    return yaml.safe_load((_CASES / f"{name}.yaml").read_text(encoding="utf-8"))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.12g}"


def _said(quantity: Quantity) -> str:
    ends = (quantity.low, quantity.high)
    body = "..".join(map(_number, ends)) if ends != (None, None) else _number(quantity.value)
    sign = "" if quantity.comparator == "=" else quantity.comparator
    return f"{sign}{body} {quantity.unit}"


@pytest.mark.parametrize(("text", "wanted"), _rows("numbers"))
def test_an_analyst_and_the_grammar_read_the_same_quantities(text: str, wanted: list[str]) -> None:
    assert [_said(quantity) for quantity in quantities(fold(text))] == wanted


@pytest.mark.parametrize("row", _rows("dates"), ids=lambda row: row[1])
def test_an_analyst_and_the_grammar_read_the_same_times(row: list[Any]) -> None:
    today, text, wanted = row[0], fold(row[1]), row[2]
    found = times(text, today)
    assert [f"{time.period} {time.role}" + (" ~" if time.approximate else "") for time in found] == wanted
    assert [f"{base.against} | {base.basis}" for base in bases(text, today)] == (row[3] if len(row) > 3 else [])
    for time in found:
        parse_period(time.period)


@pytest.mark.parametrize(("text", "wanted"), _rows("sentences"))
def test_sentences_end_where_a_reader_stops(text: str, wanted: list[str]) -> None:
    folded = fold(text)
    assert [folded[span.start : span.end] for span in sentences(folded)] == [fold(part) for part in wanted]


def test_there_are_enough_cases() -> None:
    assert sum(len(_rows(name)) for name in ("numbers", "dates", "sentences")) >= 300
