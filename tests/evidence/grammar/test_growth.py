"""The work grows with the text, not with its square: counted in steps of the interpreter, never by the clock."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date

import pytest

from ytterby.evidence.grammar import bases, quantities, sentences, times
from ytterby.terms.text import fold


def _steps(work: Callable[[], object]) -> int:
    """Lines run by `work`; a search that runs away inside one line would hang the test, not pass it."""
    count = 0

    def trace(frame: object, event: str, arg: object) -> object:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        work()
    finally:
        sys.settrace(before)
    return count


_PATTERNS = (
    "1,",
    "百分之",
    "9",
    "一",
    "三分之",
    "a ",
    "half ",
    "2025年",
    "1-",
    "第",
    "近",
    "to ",
    "$1 ",
    ". ",
    "每年",
    "[1]",
    "5 ",
    "5 a year ago ",
    "5月同比,较4月 ",
    "1,2,3,",
    "5% and ",
)


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_work_grows_with_the_text(pattern: str) -> None:
    def read(size: int) -> Callable[[], object]:
        text = fold(pattern * size)
        day = date(2026, 1, 20)
        return lambda: (quantities(text), times(text, day), bases(text, day), sentences(text))

    read(50)()
    small, large = _steps(read(150)), _steps(read(600))
    assert large <= 4.6 * small + 500


@pytest.mark.parametrize("pattern", ["1,", "百分之", "9", "一", "5 a year ago ", "5月同比,较4月 "])
def test_a_hundred_thousand_characters_are_read(pattern: str) -> None:
    text = fold(pattern * (100_000 // len(pattern)))
    assert all(q.end <= len(text) for q in quantities(text))
    assert len(times(text, date(2026, 1, 20))) >= len(bases(text, date(2026, 1, 20))) // 2
    assert sentences(text) is not None
