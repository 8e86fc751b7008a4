"""Movements are what a plain recount of the events says, whatever the events: containers, mistakes, missing masses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.custody.moved import DAY, FIRST, KG, book, born, counted, event, gone, lot, piece, sent, taken, turned, where

from ytterby.custody.event import Event, Mistake, Piece
from ytterby.custody.movements import SIGN, Flow, Movements, movements


def recount(events: list[Event]) -> dict[tuple[str, str], int]:
    """(place, lot) -> micrograms on the books, told over the events one by one."""
    wrong = {one.id for one in events if one.mistake is not None}
    held: dict[tuple[str, str], int] = defaultdict(int)
    for one in events:
        if one.id in wrong:
            continue
        for part in one.pieces:
            sign = 0
            if one.kind == "transformation":
                sign = 1 if part.role == "output" else -1
            elif one.kind == "object":
                sign = {"ADD": 1, "DELETE": -1}.get(one.action, {"shipping": -1, "receiving": 1}.get(one.step, 0))
            held[one.location, part.lot] += sign * (part.mass or 0)
    return {key: mass for key, mass in held.items() if mass}


def told(moves: Movements, of: object) -> dict[tuple[str, str], int]:
    held: dict[tuple[str, str], int] = defaultdict(int)
    for place, name, mass in zip(moves.place.tolist(), moves.lot.tolist(), moves.signed.tolist(), strict=True):
        held[of.place_name(place), of.lot_name(name)] += mass  # type: ignore[attr-defined]
    return {key: mass for key, mass in held.items() if mass}


masses = st.one_of(st.none(), st.floats(0.001, 1e6))
names = st.sampled_from(["a", "b", "c"])
places = st.sampled_from(["mine", "sep", "maker"])
days = st.floats(0, 300)
pieces = st.lists(st.builds(piece, names, masses), min_size=1, max_size=3)
stories = st.lists(
    st.one_of(
        st.builds(lambda d, p, x: born(d, p, *x), days, places, pieces),
        st.builds(lambda d, p, x: gone(d, p, *x), days, places, pieces),
        st.builds(lambda d, p, x: counted(d, p, *x), days, places, pieces),
        st.builds(lambda d, p, q, x: sent(d, p, q, *x), days, places, places, pieces),
        st.builds(lambda d, p, q, x: taken(d, p, q, *x), days, places, places, pieces),
        st.builds(lambda d, p, x, y: turned(d, p, x, y), days, places, pieces, pieces),
    ),
    max_size=25,
)


@settings(max_examples=60)
@given(stories, st.data())
def test_books_are_what_a_recount_says(events: list[Event], data: st.DataObject) -> None:
    wrong = data.draw(st.lists(st.sampled_from(events), unique_by=lambda one: one.id)) if events else []
    events = [*events, *(replace(one, mistake=Mistake(FIRST + 400 * DAY)) for one in wrong)]
    with TemporaryDirectory() as name:
        of = book(Path(name), events)
        moves = movements(of)
        assert told(moves, of) == recount(events)
        assert (np.diff(moves.time) >= 0).all()
        of.close()


def test_every_step_has_its_flow(tmp_path: Path) -> None:
    x = piece("x", 10.0)
    events = [
        born(0, "mine", x), turned(1, "mine", [x], [piece("y", 9.0)]), sent(2, "mine", "sep", x),
        taken(3, "mine", "sep", x), gone(4, "sep", x), counted(5, "sep", x),
    ]  # fmt: skip
    moves = movements(book(tmp_path, events))
    flows = [Flow(one).name for one in moves.flow.tolist()]
    assert flows == ["COMMISSIONED", "USED", "MADE", "SHIPPED", "RECEIVED", "REMOVED", "COUNTED"]
    assert moves.signed.tolist() == (SIGN[moves.flow] * moves.mass).tolist()


def test_a_container_moves_what_is_in_it_at_that_time(tmp_path: Path) -> None:
    def packed(day: float, action: str, box: str, *inside: Piece) -> Event:
        told = [Piece(lot(box), "parent"), *(replace(one, role="child") for one in inside)]
        return event(day, "aggregation", "mine", told, action=action, step="packing")

    events = [
        born(0, "mine", piece("a", 5.0), piece("b", 7.0)),
        packed(1, "ADD", "box", piece("a", 5.0)),
        packed(2, "ADD", "pallet", piece("box", None)),
        packed(3, "ADD", "pallet", piece("b", 7.0)),
        packed(4, "DELETE", "pallet", piece("b", 3.0)),
        sent(5, "mine", "sep", piece("pallet", None)),
        packed(6, "DELETE", "box", piece("a", 5.0)),
        taken(7, "mine", "sep", piece("box", None)),
    ]
    of = book(tmp_path, events)
    moves = movements(of)
    shipped = np.flatnonzero(moves.flow == Flow.SHIPPED).tolist()
    left = {of.lot_name(int(moves.lot[row])): int(moves.mass[row]) for row in shipped}
    assert left == {lot("a"): 5 * KG, lot("b"): 4 * KG}
    # the box was emptied before it was received
    assert not (moves.flow == Flow.RECEIVED).any()
    assert moves.unweighed == 1


def test_a_piece_without_a_mass_moves_nothing_and_is_counted(tmp_path: Path) -> None:
    moves = movements(book(tmp_path, [born(0, "mine", piece("a", None), piece("b", 2.0))]))
    assert len(moves) == 1
    assert moves.unweighed == 1


def test_a_mistake_counts_nowhere_and_its_correction_does(tmp_path: Path) -> None:
    right = born(0, "mine", piece("a", 2.0))
    wrong = born(0, "mine", piece("a", 2000.0))
    said = replace(wrong, mistake=Mistake(FIRST + DAY, "incorrect_data", (right.id,)))
    moves = movements(book(tmp_path, [wrong, said, right]))
    assert moves.mass.tolist() == [2 * KG]


def test_a_lot_is_of_its_material_wherever_it_is_not_told(tmp_path: Path) -> None:
    of = book(tmp_path, [born(0, "mine", piece("a", 2.0, "oxide.Dy")), sent(1, "mine", "sep", piece("a", 1.0))])
    moves = movements(of)
    assert {of.name("materials", code) for code in moves.material.tolist()} == {"oxide.Dy"}
    assert of.place_name(int(moves.place[0])) == where("mine")
