"""What the pace of reading is measured on: as many different documents as promised, each of them readable."""

from __future__ import annotations

import os

import pytest
from bench.reading import one_core, pages, varied

from ytterby.evidence.reading import read_bytes


def test_copies_differ_from_each_other() -> None:
    made = pages(3)
    assert len({page.content for page in made}) == len(made) == 3 * len(pages(1))


def test_copies_stay_readable_in_their_own_script_and_encoding() -> None:
    for page in pages(2):
        assert read_bytes(page.content, path=page.name).date


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("title: 500\n\nabout 500 t in 2025", "title: 500\n\nabout 507 t in 2025"),
        ("12.345 and 1,240 and 22,995 t", "12.345 and 1,247 and 22,002 t"),
        ("对美出口619吨", "对美出口626吨"),
        ("no figure", "no figure\n7\n"),
    ],
)
def test_figures_move_and_years_and_heads_stay(text: str, after: str) -> None:
    assert varied(text, 7) == after
    assert varied(text, 0) == text


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the system binds no process")
def test_the_process_is_freed_afterwards() -> None:
    before = os.sched_getaffinity(0)
    with one_core():
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before
