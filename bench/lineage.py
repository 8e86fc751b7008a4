"""Home to a made-up history of lots: chunks of the book, made column by column, for benches of millions of events.

Waves of work follow each other. In each group of a wave six concentrates are commissioned at mines and separated into
three oxides, which become three metals, which with now and then a magnet of the wave before become an alloy, which
becomes four lots of magnets, which are shipped: 13 events with some 28 links from lot to lot.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book.chunk import Chunk, strings
from ytterby.custody.book.layout import (
    ADD,
    ASSIGNED,
    CODED,
    INPUT,
    OBJECT,
    OBSERVE,
    OUTPUT,
    STRINGS,
    TABLES,
    TRANSFORMATION,
    WHAT,
)
from ytterby.terms.elements import INDEX

Ints = NDArray[np.int64]
MINES, PLANTS = 24, 60
KILOGRAM = 10**9
EVENTS, LOTS = 13, 17
"""Of a group."""
RECYCLED = 0.3
"""Share of alloys that take a magnet of the wave before."""
ALLOY = 3
"""Number of the block of alloys."""
ELEMENTS = ("Nd", "Pr", "Dy")


def chunks(events: int, seed: int = 0, groups: int = 400) -> Iterator[Chunk]:
    """Waves of so many groups, until there are `events` events or a few more."""
    dice = np.random.default_rng(seed)
    for wave in range(-(-events // (groups * EVENTS))):
        yield _wave(dice, wave, groups)


def magnets(wave: int, groups: int = 400) -> list[str]:
    """The addresses of the magnets of a wave."""
    return [lot(wave, number) for number in range((LOTS - 4) * groups, LOTS * groups)]


def lot(wave: int, number: int) -> str:
    """The address of a lot."""
    return f"https://id.gs1.org/01/09506000134352/10/W{wave}L{number}"


def _wave(dice: np.random.Generator, wave: int, groups: int) -> Chunk:
    raw, oxide, metal, alloy, magnet = np.split(
        np.arange(LOTS * groups), np.cumsum([6 * groups, 3 * groups, 3 * groups, groups])
    )
    none = np.zeros((LOTS * groups, 0), "i8")
    blocks = [
        (OBJECT, ADD, raw[:, None], none[: len(raw)]),
        (TRANSFORMATION, 0, dice.permutation(raw).reshape(groups, 6), oxide.reshape(groups, 3)),
        (TRANSFORMATION, 0, dice.permutation(oxide)[:, None], metal[:, None]),
        (TRANSFORMATION, 0, dice.permutation(metal).reshape(groups, 3), alloy[:, None]),
        (TRANSFORMATION, 0, alloy[:, None], magnet.reshape(groups, 4)),
        (OBJECT, OBSERVE, magnet.reshape(groups, 4), none[:groups]),
    ]
    again = np.flatnonzero(dice.random(groups) < RECYCLED) if wave else np.zeros(0, "i8")
    names = [lot(wave, number) for number in range(LOTS * groups)]
    names += dice.choice(np.array(magnets(wave - 1, groups)), len(again), replace=False).tolist()
    kind, action, event, lots, role = [], [], [], [], []
    at = 0
    for number, (what, how, first, second) in enumerate(blocks):
        count = len(first)
        kind.append(np.full(count, what, "i1"))
        action.append(np.full(count, how, "i1"))
        extra = again if number == ALLOY else again[:0]
        for side, of in ((first, INPUT if what == TRANSFORMATION else WHAT), (second, OUTPUT)):
            event.append(at + np.repeat(np.arange(count), side.shape[1]))
            lots.append(side.ravel())
            role.append(np.full(side.size, of))
        event.append(at + extra)
        lots.append(LOTS * groups + np.arange(len(extra)))
        role.append(np.full(len(extra), INPUT))
        at += count
    pieces = tuple(np.concatenate(x) for x in (event, lots, role))
    order = np.argsort(pieces[0], kind="stable")
    columns = _events(dice, wave, np.concatenate(kind), np.concatenate(action))
    columns |= _pieces(dice, columns, *(x[order] for x in pieces))
    tables = dict.fromkeys(STRINGS, strings([])) | {"lots": strings(names)}
    tables["places"] = strings([f"https://id.gs1.org/414/95060001343{n:02d}" for n in range(MINES + PLANTS)])
    return Chunk({name: columns.get(name, empty) for name, empty in _empty().items()}, tables)


def _empty() -> dict[str, NDArray[Any]]:
    every = ((f"{table}.{name}", kind) for table, own in TABLES.items() for name, kind in own.items())
    return {name: np.zeros(0, kind) for name, kind in every if name not in ASSIGNED}


def _events(dice: np.random.Generator, wave: int, kind: Ints, action: Ints) -> dict[str, NDArray[Any]]:
    count = len(kind)
    columns = {
        f"events.{name}": np.full(count, -1 if f"events.{name}" in CODED else 0, dtype)
        for name, dtype in TABLES["events"].items()
        if f"events.{name}" not in ASSIGNED
    }
    mine = dice.integers(0, MINES, count)
    columns["events.place"] = np.where(action == ADD, mine, MINES + dice.integers(0, PLANTS, count)).astype("i4")
    columns["events.time"] = (wave * count + np.arange(count)) * 1_000_000
    columns["events.identity"] = dice.integers(0, 2**63, count).astype("u8")
    columns["events.value"] = np.full(count, -1)
    return columns | {"events.kind": kind, "events.action": action}


def _pieces(
    dice: np.random.Generator, events: dict[str, NDArray[Any]], event: Ints, lots: Ints, role: Ints
) -> dict[str, NDArray[Any]]:
    count = len(event)
    born = np.flatnonzero((role == OUTPUT) | ((events["events.action"][event] == ADD) & (role == WHAT)))
    move = np.repeat(born, len(ELEMENTS))
    return {
        "moves.event": event,
        "moves.lot": lots,
        "moves.role": role.astype("i1"),
        "moves.mass": dice.integers(1, 1000, count) * KILOGRAM,
        "moves.count": np.full(count, np.nan),
        "moves.whole": np.zeros(count, "i1"),
        "moves.material": np.full(count, -1),
        "assays.move": move,
        "assays.event": event[move],
        "assays.lot": lots[move],
        "assays.element": np.tile([INDEX[e] for e in ELEMENTS], len(born)).astype("i1"),
        "assays.ppb": dice.integers(10**6, 10**8, len(move)),
        "assays.sigma": np.zeros(len(move), "i8"),
    }
