"""Home to tracing: what a lot came of, what became of it, what lots have in common, and the way from one to another."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from ytterby.custody.book.layout import BESIDE, INPUT, TRANSFORMATION
from ytterby.custody.genealogy.links import FOREVER, Links


@dataclass(frozen=True, slots=True)
class Traced:
    """Lots found from one lot, itself among them, and the events that link them; codes and rows of the book."""

    lot: int
    lots: frozenset[int]
    links: frozenset[int]
    """Events."""

    def events(self, links: Links) -> frozenset[int]:
        """The events that link the lots, and those in which they came into being, moved and were seen."""
        seen = {links.event[row] for lot in self.lots for row in links.strand(lot, BESIDE)}
        return self.links | seen


def upstream(links: Links, lot: int) -> Traced:
    """Everything a lot came of, and what lies or last lay in it.

    Of a container that is filled again and again, only what lay in it when it was used is followed.
    """
    lots, events, todo = {lot}, set[int](), list[tuple[int, int | None]]([(lot, None)])
    fillings = set[tuple[int, int | None]]()
    found: list[tuple[int, int | None, int]]
    heads, end, previous, first = links.heads, links.book.strands.size, links.previous, links.first
    event, named, role, kind, time = links.event, links.lot, links.role, links.kind, links.time
    transformation, mistaken, last = links.transformation, links.mistaken, len(first) - 1
    while todo:
        one, at = todo.pop()
        row = heads[3 * one] if 3 * one < end else -1
        if row < 0:
            continue
        came = event[row]
        if previous[row] < 0 and kind[came] == TRANSFORMATION and transformation[came] < 0:
            # Nearly all lots came of one transformation told in one event: its inputs stand side by side.
            if mistaken[came] or came in events:
                continue
            events.add(came)
            stop = first[came + 1] if came < last else links.moves
            found = [(named[r], time[came], came) for r in range(first[came], stop) if role[r] == INPUT]
        else:
            found = links.sources(one, at)
            events.update([by for _, _, by in found])
        for source, then, _ in found:
            if source not in lots:
                lots.add(source)
                todo.append((source, then))
            else:
                up = heads[3 * source] if 3 * source < end else -1
                whole = up < 0 or (previous[up] < 0 and kind[event[up]] == TRANSFORMATION)
                if not whole and (source, then) not in fillings and links.holds(source):
                    fillings.add((source, then))
                    todo.append((source, then))
    return Traced(lot, frozenset(lots), frozenset(events))


def downstream(links: Links, lot: int) -> Traced:
    """Everything a lot went into: what to call back.

    A container counts as long as the lot, or what it became, lay in
    it, and what was made of the container in that time.
    """
    lots, events, todo = {lot}, set[int](), [(lot, -FOREVER, FOREVER)]
    windows: dict[int, list[tuple[int, int]]] = {lot: [(-FOREVER, FOREVER)]}
    while todo:
        one, since, until = todo.pop()
        for product, begin, end, event in links.products(one, since, until):
            events.add(event)
            lots.add(product)
            known = windows.setdefault(product, [])
            if not any(a <= begin and end <= b for a, b in known):
                known.append((begin, end))
                todo.append((product, begin, end))
    return Traced(lot, frozenset(lots), frozenset(events))


def common_origin(links: Links, lots: Sequence[int]) -> frozenset[int]:
    """The lots that all of these came of; those that came into being by themselves are where to look first."""
    traced = [upstream(links, lot).lots for lot in lots]
    return frozenset.intersection(*traced) if traced else frozenset()


def roots(links: Links, lots: frozenset[int]) -> frozenset[int]:
    """Those among the lots that came of nothing else."""
    return frozenset(lot for lot in lots if not links.sources(lot))


def path(links: Links, origin: int, lot: int) -> tuple[tuple[int, int], ...]:
    """The shortest way by which something of `origin` came into `lot`: (lot, event that took it on), origin to
    lot, the last with event -1; empty where there is none.
    """
    if origin == lot:
        return ((lot, -1),)
    start = (lot, None)
    towards: dict[tuple[int, int | None], tuple[tuple[int, int | None], int] | None] = {start: None}
    todo = deque[tuple[int, int | None]]([start])
    seen = {lot}
    while todo:
        here = todo.popleft()
        for source, then, event in links.sources(*here):
            there = (source, then)
            if there in towards or (source in seen and not links.holds(source)):
                continue
            seen.add(source)
            towards[there] = (here, event)
            if source == origin:
                return _walked(towards, there)
            todo.append(there)
    return ()


def _walked(
    towards: dict[tuple[int, int | None], tuple[tuple[int, int | None], int] | None], at: tuple[int, int | None]
) -> tuple[tuple[int, int], ...]:
    way = []
    while (step := towards[at]) is not None:
        way.append((at[0], step[1]))
        at = step[0]
    return (*way, (at[0], -1))
