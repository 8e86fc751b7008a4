"""Headings: what follows from them once is what each event says, for the book and for the index."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.custody.book.test_book import EVENTS

from ytterby.custody.book.chunk import chunk
from ytterby.custody.capturing.reading import _keys
from ytterby.custody.event import Event
from ytterby.custody.headings import headings
from ytterby.custody.ledger.rows import ACTION_OF, KIND_OF, NEVER, ROLE_OF, WORDED, key, rows


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=8))
def test_every_event_has_its_heading(events: list[Event]) -> None:
    found = headings(events)
    assert len(set(found.distinct)) == len(found.distinct)
    assert list(dict.fromkeys(found.of.tolist())) == list(range(len(found.distinct)))
    for event, at in zip(events, found.of.tolist(), strict=True):
        assert all(getattr(event, name) == value for name, value in found.distinct[at]._asdict().items())


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=8))
def test_the_index_has_of_each_event_what_it_says(events: list[Event]) -> None:
    heads = headings(events)
    made = rows(events, _keys(chunk(events, heads)), heads)
    alone = rows(events)
    assert made.words == alone.words
    assert np.array_equal(made.cells, alone.cells)
    assert np.array_equal(made.pieces, alone.pieces)
    for event, cell in zip(events, made.cells, strict=True):
        assert [made.words[cell[name]] for name in WORDED] == [getattr(event, name) for name in WORDED]
        transformation = key(event.transformation) if event.transformation else 0
        wrong = event.mistake.time if event.mistake else NEVER
        told = [int(cell[name]) for name in ("time", "name", "transformation", "mistake", "kind", "action")]
        assert told == [
            event.time, key(event.id), transformation, wrong, KIND_OF[event.kind], ACTION_OF[event.action],
        ]  # fmt: skip
    stand = {(key(p.lot), at, ROLE_OF[p.role]) for at, event in enumerate(events) for p in event.pieces}
    assert len(made.pieces) == len(stand)
    assert {tuple(one) for one in made.pieces.tolist()} == stand
