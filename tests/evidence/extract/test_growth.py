"""Home to the growth of work: a text ten times as long takes about ten times the steps, never the square."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.evidence.extract.passages import document

from ytterby.evidence.extract import extract

_LONG = (
    "1,2,3,",
    "百分之",
    "出口",
    "from 1 to ",
    "China, ",
    "第61号、",
    "不得出口",
    "tariff on ",
    "a a a ",
    "須",
    "5% and ",
)


def test_work_grows_with_the_text_and_not_with_its_square() -> None:
    for unit in _LONG:
        small, large = _calls(unit * 60), _calls(unit * 600)
        assert large < 25 * small + 2000, unit


def _calls(text: str) -> int:
    made = document(text)
    extract(made)
    count = 0

    def tick(frame: object, event: str, arg: object) -> Callable[..., None] | None:
        nonlocal count
        count += 1
        return None

    sys.setprofile(tick)
    try:
        extract(made)
    finally:
        sys.setprofile(None)
    return count
