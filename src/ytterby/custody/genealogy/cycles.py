"""Home to the check that no lot comes of itself: made before a batch is captured.

A loop in a genealogy is a wrong number or a forgery: origin shares have no meaning in it. Where lots of a batch are
used only after they are made, and none of those made was used before, there can be none; only what is left is followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.book.book import Book
from ytterby.custody.book.chunk import Chunk
from ytterby.custody.book.layout import CHILD, DELETE, DOWN, INPUT, OUTPUT, PARENT, TRANSFORMATION
from ytterby.custody.genealogy.links import Links


def would_cycle(book: Book, chunk: Chunk) -> Mapping[int, tuple[str, ...]]:
    """Events of a chunk that would make a lot come of itself → the loop, lot by lot, the first again at its end.

    The others of the chunk are free of loops together. Events declared wrong, in book or chunk, count nowhere.
    """
    if not _suspicious(book, chunk):
        return {}
    return _Overlay(book, chunk).refused()


def _sides(chunk: Chunk) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int32]]:
    """Of each piece whether it is made of others, whether others are made of it; and its event."""
    role, event = chunk.columns["moves.role"], chunk.columns["moves.event"]
    unpacks = (chunk.columns["events.action"] == DELETE)[event]
    made = (role == OUTPUT) | ((role == PARENT) & ~unpacks)
    used = (role == INPUT) | ((role == CHILD) & ~unpacks)
    return made, used, event


def _suspicious(book: Book, chunk: Chunk) -> bool:
    made, used, event = _sides(chunk)
    lot = chunk.columns["moves.lot"]
    lots = len(chunk.strings["lots"])
    last_made, first_used = np.full(lots, -1), np.full(lots, len(chunk))
    np.maximum.at(last_made, lot[made], event[made])
    np.minimum.at(first_used, lot[used], event[used])
    if (last_made >= first_used).any():
        return True
    transformation = chunk.columns["events.transformation"]
    if (transformation >= 0).any() and _knots_out_of_order(book, chunk):
        return True
    codes = book.names["lots"].find(chunk.strings["lots"].keys)
    known = codes[(last_made >= 0) & (codes >= 0)]
    rows = book.strands.rows
    return bool(len(known)) and bool((rows[3 * known + DOWN] >= 0).any())


def _knots_out_of_order(book: Book, chunk: Chunk) -> bool:
    """Whether inputs of a transformation of several events come after outputs of it."""
    made, used, event = _sides(chunk)
    of_move = chunk.columns["events.transformation"][event]
    count = len(chunk.strings["transformations"])
    first_output, last_input = np.full(count, len(chunk)), np.full(count, -1)
    some = of_move >= 0
    np.minimum.at(first_output, of_move[made & some], event[made & some])
    np.maximum.at(last_input, of_move[used & some], event[used & some])
    if (last_input > first_output).any():
        return True
    known = book.names["transformations"].find(chunk.strings["transformations"].keys)
    return bool(((known >= 0) & (last_input >= 0)).any())


class _Overlay:
    """The book with the events of a chunk that have passed on top, walked by names of lots."""

    def __init__(self, book: Book, chunk: Chunk) -> None:
        self.links, self.chunk = Links(book), chunk
        made, used, event = _sides(chunk)
        strings = chunk.strings["lots"]
        text, begin = strings.text, 0
        self.lots: list[str] = []
        for end in strings.ends.tolist():
            self.lots.append(text[begin:end].decode("utf-8", "surrogatepass"))
            begin = end
        self.code = book.names["lots"].find(strings.keys).tolist()
        self.local = {code: at for at, code in enumerate(self.code) if code >= 0}
        self.knot_code = book.names["transformations"].find(chunk.strings["transformations"].keys).tolist()
        self.knot_local = {code: at for at, code in enumerate(self.knot_code) if code >= 0}
        self.made: list[list[int]] = [[] for _ in range(len(chunk))]
        self.used: list[list[int]] = [[] for _ in range(len(chunk))]
        lot = chunk.columns["moves.lot"]
        for rows, into in ((made, self.made), (used, self.used)):
            for at, one in zip(event[rows].tolist(), lot[rows].tolist(), strict=True):
                into[at].append(one)
        self.down: dict[int, list[int]] = {}
        """Lot of the chunk → events of the chunk that use it; those that passed."""
        self.knots: dict[int, list[int]] = {}
        """Transformation of the chunk → its events that passed."""
        self.transformation = chunk.columns["events.transformation"].tolist()
        identities = chunk.columns["events.identity"]
        declares = chunk.columns["events.declares"] > 0
        wrong = np.concatenate([identities[declares], book.declared])
        self.dead = set(np.flatnonzero(np.isin(identities, wrong)).tolist())
        fresh = identities[declares]
        self.dead_rows = set(np.flatnonzero(np.isin(book["events.identity"], fresh)).tolist()) if len(fresh) else set()

    def refused(self) -> dict[int, tuple[str, ...]]:
        found: dict[int, tuple[str, ...]] = {}
        for event, (made, used) in enumerate(zip(self.made, self.used, strict=True)):
            if event in self.dead or not (made or used):
                continue
            self._enter(event)
            loop = self._loop(event)
            if loop:
                self._leave(event)
                found[event] = loop
        return found

    def _enter(self, event: int) -> None:
        for lot in self.used[event]:
            self.down.setdefault(lot, []).append(event)
        if self.transformation[event] >= 0:
            self.knots.setdefault(self.transformation[event], []).append(event)

    def _leave(self, event: int) -> None:
        for lot in self.used[event]:
            self.down[lot].pop()
        if self.transformation[event] >= 0:
            self.knots[self.transformation[event]].pop()

    def _loop(self, event: int) -> tuple[str, ...]:
        """A way from what the event makes (or its knot) back to what it uses."""
        goals = {self._key(lot) for lot in self._all_used(event)}
        starts = {self._key(lot) for lot in self._all_made(event)}
        if not goals or not starts:
            return ()
        towards: dict[tuple[int, int], tuple[int, int] | None] = dict.fromkeys(starts)
        todo = list(starts)
        while todo:
            here = todo.pop()
            if here in goals:
                return self._named(towards, here)
            for there in self._after(here):
                if there not in towards:
                    towards[there] = here
                    todo.append(there)
        return ()

    def _key(self, lot: tuple[int, int]) -> tuple[int, int]:
        """One key for a lot: (0, code of the book) or (1, code of the chunk)."""
        if lot[0] == 1 and self.code[lot[1]] >= 0:
            return (0, self.code[lot[1]])
        return lot

    def _book_knot(self, event: int) -> tuple[int, ...]:
        """The events of the book that are one transformation with this event of the chunk."""
        name = self.transformation[event]
        code = self.knot_code[name] if name >= 0 else -1
        if code < 0 or code >= self.links.book.siblings.size or self.links.siblings[code] < 0:
            return ()
        return tuple(e for e in self.links.knot(self.links.siblings[code]) if e not in self.dead_rows)

    def _all(self, event: int, own: list[list[int]], role: int) -> Iterable[tuple[int, int]]:
        events = self.knots.get(self.transformation[event], [event]) if self.transformation[event] >= 0 else [event]
        for one in events:
            yield from ((1, lot) for lot in own[one])
        for row in self.links.rows(self._book_knot(event), role):
            yield (0, self.links.lot[row])

    def _all_used(self, event: int) -> Iterable[tuple[int, int]]:
        return self._all(event, self.used, INPUT)

    def _all_made(self, event: int) -> Iterable[tuple[int, int]]:
        return self._all(event, self.made, OUTPUT)

    def _after(self, here: tuple[int, int]) -> Iterable[tuple[int, int]]:
        """What is made of a lot, in the book and in the chunk."""
        chunk_lot = self.local.get(here[1], -1) if here[0] == 0 else here[1]
        for event in self.down.get(chunk_lot, ()):
            yield from (self._key(lot) for lot in self._all_made(event))
        if here[0] == 1:
            return
        links = self.links
        for row in links.strand(here[1], DOWN):
            event = links.event[row]
            if event in self.dead_rows or links.action[event] == DELETE:
                continue
            if links.kind[event] == TRANSFORMATION:
                yield from ((0, links.lot[r]) for r in links.rows(links.knot(event), OUTPUT))
                local = self.knot_local.get(links.transformation[event], -1)
                for other in self.knots.get(local, ()):
                    yield from (self._key((1, lot)) for lot in self.made[other])
            else:
                yield from ((0, links.lot[r]) for r in links.pieces(event) if links.role[r] == PARENT)

    def _named(self, towards: Mapping[tuple[int, int], tuple[int, int] | None], at: tuple[int, int]) -> tuple[str, ...]:
        way = [at]
        while (before := towards[way[-1]]) is not None:
            way.append(before)
        names = [self.links.book.lot_name(code) if of == 0 else self.lots[code] for of, code in reversed(way)]
        return (*names, names[0])
