"""Home to movements: what each event did to the stock of a lot at a facility, as signed columns of micrograms.

- commissioning and every other ADD brings a lot into being where it happens; a transformation makes its outputs;
- shipping takes from a place, receiving adds to one; a DELETE takes out for good; a transformation uses its inputs;
- a stock-taking moves nothing: it says what lies there.

A container moves what was packed into it: a piece that is a container stands for its contents at that time. Events
declared wrong count nowhere. Pieces without a mass move nothing and are counted in `unweighed`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book.book import Book
from ytterby.custody.book.layout import (
    ADD,
    AGGREGATION,
    ASSOCIATION,
    CHILD,
    DELETE,
    INPUT,
    OBJECT,
    OUTPUT,
    PARENT,
    TRANSFORMATION,
    WHAT,
)

Ints = NDArray[np.int64]


class Flow(IntEnum):
    """What a movement is."""

    COMMISSIONED = 0
    MADE = 1
    RECEIVED = 2
    USED = 3
    SHIPPED = 4
    REMOVED = 5
    COUNTED = 6


SIGN = np.array([1, 1, 1, -1, -1, -1, 0], dtype=np.int64)
"""Of each flow, on the stock of its place."""

SENDING = ("shipping",)
TAKING = ("receiving",)
COUNTING = ("stock_taking", "cycle_counting")


@dataclass(frozen=True)
class Movements:
    """Columns, one row a movement, in the order of time."""

    event: Ints
    """Row of the event in the book."""
    time: Ints
    place: Ints
    counterpart: Ints
    """Party it went to or came from; -1 where there is none."""
    lot: Ints
    material: Ints
    flow: Ints
    mass: Ints
    """Micrograms, never negative."""
    unweighed: int
    """Pieces that told no mass."""

    def __len__(self) -> int:
        return len(self.event)

    @cached_property
    def signed(self) -> Ints:
        """Change of the stock at the place, micrograms."""
        return SIGN[self.flow] * self.mass

    def only(self, keep: NDArray[np.bool_] | Ints) -> Movements:
        """Some of the rows."""
        return Movements(
            event=self.event[keep],
            time=self.time[keep],
            place=self.place[keep],
            counterpart=self.counterpart[keep],
            lot=self.lot[keep],
            material=self.material[keep],
            flow=self.flow[keep],
            mass=self.mass[keep],
            unweighed=self.unweighed,
        )


def movements(book: Book) -> Movements:
    """The movements of a book."""
    event = book["moves.event"].astype(np.int64)
    role, mass = book["moves.role"], book["moves.mass"]
    flow = _flows(book, event, role)
    told = flow >= 0
    weighed = told & (mass >= 0)
    # a container has no mass of its own: what it holds is looked up
    unweighed = told & (mass < 0)
    step = _at_places(book)
    columns = {
        "event": event[weighed],
        "lot": book["moves.lot"][weighed].astype(np.int64),
        "material": book["moves.material"][weighed].astype(np.int64),
        "flow": flow[weighed],
        "mass": mass[weighed],
    }
    packed, missing = _unpacked(book, event, flow, np.flatnonzero(unweighed))
    columns = {name: np.concatenate([column, packed[name]]) for name, column in columns.items()}
    rows = columns["event"]
    place, counterpart = step
    time = book["events.time"][rows]
    order = np.lexsort((rows, time))
    material = _named(columns["lot"], columns["material"], book.lots)
    return Movements(
        event=rows[order],
        time=time[order],
        place=place[rows][order],
        counterpart=np.where(
            columns["flow"] == Flow.SHIPPED,
            counterpart[1][rows],
            np.where(columns["flow"] == Flow.RECEIVED, counterpart[0][rows], -1),
        )[order],
        lot=columns["lot"][order],
        material=material[order],
        flow=columns["flow"][order],
        mass=columns["mass"][order],
        unweighed=missing,
    )


def _flows(book: Book, event: Ints, role: NDArray[np.int8]) -> Ints:
    """The flow of every piece, -1 where it moves nothing."""
    kind, action, step = book["events.kind"][event], book["events.action"][event], book["events.step"][event]
    counts = ~book.mistaken[event]
    flow = np.full(len(event), -1, dtype=np.int64)
    thing = (kind == OBJECT) & (role == WHAT)
    flow[thing & (action == ADD)] = Flow.COMMISSIONED
    flow[thing & (action == DELETE)] = Flow.REMOVED
    for steps, what in ((SENDING, Flow.SHIPPED), (TAKING, Flow.RECEIVED), (COUNTING, Flow.COUNTED)):
        codes = [code for name in steps if (code := book.code("steps", name)) >= 0]
        flow[thing & (action != ADD) & (action != DELETE) & np.isin(step, codes)] = what
    flow[(kind == TRANSFORMATION) & (role == INPUT)] = Flow.USED
    flow[(kind == TRANSFORMATION) & (role == OUTPUT)] = Flow.MADE
    flow[~counts] = -1
    return flow


def _at_places(book: Book) -> tuple[Ints, tuple[Ints, Ints]]:
    """Of every event: its place, and the parties it came from and went to."""
    return book["events.place"].astype(np.int64), (
        book["events.source"].astype(np.int64),
        book["events.destination"].astype(np.int64),
    )


def _named(lot: Ints, material: Ints, lots: int) -> Ints:
    """The material of every piece: where it is not told, what its lot was told to be elsewhere."""
    of = np.full(lots, -1, dtype=np.int64)
    told = material >= 0
    of[lot[told]] = material[told]
    return np.where(told, material, of[lot])


def _unpacked(book: Book, event: Ints, flow: Ints, rows: Ints) -> tuple[dict[str, Ints], int]:
    """Contents in the place of containers: what was packed into each at that time, with its mass as packed."""
    empty = {name: np.zeros(0, dtype=np.int64) for name in ("event", "lot", "material", "flow", "mass")}
    if not len(rows):
        return empty, 0
    packing = _packing(book)
    found: dict[str, list[int]] = {name: [] for name in empty}
    missing = 0
    for row in rows.tolist():
        contents = _inside(packing, int(book["moves.lot"][row]), int(book["events.time"][event[row]]), 0)
        if not contents:
            missing += 1
        for lot, (mass, material) in contents.items():
            for name, value in zip(found, (int(event[row]), lot, material, int(flow[row]), mass), strict=True):
                found[name].append(value)
    return {name: np.array(values, dtype=np.int64) for name, values in found.items()}, missing


DEEPEST = 8
"""Containers in containers."""


def _packing(book: Book) -> dict[int, list[tuple[int, int, int, int, int]]]:
    """Container -> (time, sign, lot, mass, material) of what was put in and taken out, in the order of time."""
    kind = book["events.kind"]
    wanted = np.isin(kind, (AGGREGATION, ASSOCIATION)) & ~book.mistaken
    event = book["moves.event"].astype(np.int64)
    at = np.flatnonzero(wanted[event])
    parents = {int(event[row]): int(book["moves.lot"][row]) for row in at if book["moves.role"][row] == PARENT}
    found: dict[int, list[tuple[int, int, int, int, int]]] = defaultdict(list)
    for row in at.tolist():
        if book["moves.role"][row] != CHILD or int(event[row]) not in parents:
            continue
        action = book["events.action"][event[row]]
        sign = 1 if action == ADD else -1 if action == DELETE else 0
        time = int(book["events.time"][event[row]])
        lot, mass = int(book["moves.lot"][row]), int(book["moves.mass"][row])
        found[parents[int(event[row])]].append((time, sign, lot, mass, int(book["moves.material"][row])))
    return {parent: sorted(entries) for parent, entries in found.items()}


def _inside(
    packing: dict[int, list[tuple[int, int, int, int, int]]], parent: int, until: int, depth: int
) -> dict[int, tuple[int, int]]:
    held: dict[int, tuple[int, int]] = {}
    for time, sign, lot, mass, material in packing.get(parent, ()):
        if time > until:
            break
        if mass < 0:
            inner = _inside(packing, lot, until, depth + 1) if depth < DEEPEST else {}
            for name, (some, what) in inner.items():
                held[name] = (held.get(name, (0, what))[0] + sign * some, what)
            continue
        held[lot] = (held.get(lot, (0, material))[0] + sign * mass, material)
    return {lot: (mass, material) for lot, (mass, material) in held.items() if mass > 0}
