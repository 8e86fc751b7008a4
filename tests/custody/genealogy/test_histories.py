"""Random histories, told in any order, against a second implementation: plain recursion over events, in fractions."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.custody.book import Book, chunk
from ytterby.custody.event import Assay, Event, Mistake, Piece
from ytterby.custody.genealogy.amounts import BASES, MASS
from ytterby.custody.genealogy.cycles import would_cycle
from ytterby.custody.genealogy.exact import UNTOLD, Exact
from ytterby.custody.genealogy.links import Links
from ytterby.custody.genealogy.shares import shares
from ytterby.custody.genealogy.tracing import common_origin, downstream, path, upstream
from ytterby.terms.elements import INDEX

ND = INDEX["Nd"]
UNKNOWN = "untold"


def lot(number: int) -> str:
    return f"https://id.gs1.org/01/09506000134352/10/{number}"


def thing(number: int) -> str:
    return f"https://id.gs1.org/01/09506000134352/21/{number}"


def history(seed: int, size: int) -> list[Event]:
    """Events in order of time: lots are commissioned, mixed, split, packed; some figures are not told, some wrong."""
    dice = random.Random(seed)
    events: list[Event] = []
    free = [lot(0)]
    packed: list[tuple[str, list[str]]] = []
    names = iter(range(1, 10**9))

    def told(mass: int) -> int | None:
        return None if dice.random() < 0.06 else mass

    def assays() -> tuple[Assay, ...]:
        return () if dice.random() < 0.12 else (Assay("Nd", dice.randrange(0, 10**9, 10**8)),)

    for at in range(size):
        number, place = next(names), f"urn:place:{dice.randrange(4)}"
        mass = dice.randrange(1, 50) * 10**9
        name = thing(number) if dice.random() < 0.15 else lot(number)
        base = Event(f"urn:uuid:{seed}-{at}", "object", at * 10, 0, (), location=place)
        what = dice.random()
        if what < 0.3 or len(free) < 3:
            one = dice.choice(free) if dice.random() < 0.1 else name
            value = dice.randrange(1, 10**6) if dice.random() < 0.5 else None
            piece = Piece(one, "what", told(mass), assays=assays())
            action = dice.choice(("ADD", "ADD", "ADD", "OBSERVE"))
            events.append(replace(base, pieces=(piece,), action=action, step="commissioning", value_usd=value))
        elif what < 0.75:
            inputs = dice.sample(free, min(len(free), dice.choice((0, 1, 2, 2, 3))))
            outputs = [name, *([lot(next(names))] if dice.random() < 0.4 else [])]
            pieces = [Piece(i, "input", None if "/21/" in i else told(mass)) for i in inputs]
            pieces += [Piece(o, "output", told(mass // 2), assays=assays()) for o in outputs]
            common = f"urn:run:{at // 3}" if dice.random() < 0.25 else ""
            events.append(replace(base, kind="transformation", pieces=tuple(pieces), transformation=common))
            name = dice.choice(outputs)
        elif what < 0.9:
            held, action, parent = dice.sample(free, min(len(free), 2)), "ADD", name
            if packed and dice.random() < 0.6:  # take out some or all, or put in more
                parent, there = dice.choice(packed)
                action = dice.choice(("ADD", "DELETE", "DELETE"))
                fresh = [c for c in held if c != parent]
                held = fresh if action == "ADD" else dice.choice(([], there[:1], there))
            packed.append((parent, held))
            pieces = [Piece(parent, "parent"), *(Piece(c, "child", told(mass)) for c in held)]
            kind = dice.choice(("aggregation", "association"))
            events.append(replace(base, kind=kind, pieces=tuple(pieces), action=action))
            name = parent
        elif events:
            wrong = dice.choice(events)
            if wrong.mistake is None:
                events.append(replace(wrong, mistake=Mistake(at * 10)))
        free.append(name)
    return events


class Plain:
    """The rules, written down a second time: slow, from events alone."""

    def __init__(self, events: Sequence[Event]) -> None:
        dead = {e.id for e in events if e.mistake is not None}
        self.events = [e for e in events if e.id not in dead and e.mistake is None]

    @cached_property
    def knots(self) -> list[list[Event]]:
        groups: dict[str, list[Event]] = {}
        for e in self.events:
            if e.kind == "transformation":
                groups.setdefault(e.transformation or e.id, []).append(e)
        return list(groups.values())

    def pieces(self, knot: Sequence[Event], role: str) -> list[Piece]:
        return [p for e in knot for p in e.pieces if p.role == role]

    def made_in(self, one: str) -> list[list[Event]]:
        return [k for k in self.knots if one in {p.lot for p in self.pieces(k, "output")}]

    def stays(self, parent: str) -> list[list[object]]:
        """[child, since, until, mass, piece]"""
        there: dict[str, list[object]] = {}
        over = []
        mine = [e for e in self.events if e.kind in ("aggregation", "association")]
        for e in sorted(mine, key=lambda e: (e.time, e.action)):
            if parent not in {p.lot for p in e.pieces if p.role == "parent"}:
                continue
            children = [p for p in e.pieces if p.role == "child"]
            if e.action == "DELETE" and not children:
                children = [Piece(child, "child") for child in list(there)]
            for p in children:
                stay = there.get(p.lot)
                if e.action == "DELETE" and stay:
                    if p.mass is not None and isinstance(stay[3], int) and p.mass < stay[3]:
                        stay[3] -= p.mass
                    else:
                        stay[2] = e.time
                        over.append(there.pop(p.lot))
                elif e.action == "ADD" and stay is None:
                    there[p.lot] = [p.lot, e.time, None, p.mass, p]
                elif e.action == "ADD" and stay:
                    both = isinstance(stay[3], int) and p.mass is not None
                    stay[3] = stay[3] + p.mass if both else None  # type: ignore[operator]
        return sorted([*over, *there.values()], key=lambda s: s[1])  # type: ignore[arg-type,return-value]

    def contents(self, parent: str) -> list[list[object]]:
        stays = self.stays(parent)
        now = [s for s in stays if s[2] is None]
        if now or not stays:
            return now
        filling: list[list[object]] = []
        for s in stays:
            if filling and s[1] > max(f[2] for f in filling):  # type: ignore[operator,type-var]
                filling = []
            filling.append(s)
        return filling

    def refilled(self, parent: str) -> bool:
        stays = self.stays(parent)
        return any(a[2] is not None and b[1] > a[2] for a in stays for b in stays)  # type: ignore[operator]

    def ppb(self, piece: Piece, element: str) -> int | None:
        own = [a.ppb for a in piece.assays if a.element == element]
        if own:
            return max(own)
        all_told = [(e.time, a.ppb) for e in self.events for p in e.pieces if p.lot == piece.lot
                    for a in p.assays if a.element == element]  # fmt: skip
        return max(all_told)[1] if all_told else None

    def born(self, one: str) -> list[tuple[Event, Piece]]:
        return [(e, p) for e in self.events if e.kind == "object" and e.action == "ADD" for p in e.pieces
                if p.lot == one]  # fmt: skip

    def mass(self, piece: Piece) -> int | None:
        if piece.mass is not None or "/21/" not in piece.lot:
            return piece.mass
        made = [p for k in self.made_in(piece.lot) for p in self.pieces(k, "output") if p.lot == piece.lot]
        masses = [p.mass for p in (made or [p for _, p in self.born(piece.lot)])]
        return None if None in masses or not masses else sum(masses)  # type: ignore[arg-type]

    def amount(self, piece: Piece, basis: str) -> Fraction | None:
        mass = self.mass(piece)
        of = 1 if basis == "mass" else self.ppb(piece, basis)
        return None if mass is None or of is None else Fraction(mass) * of

    def came(self, piece: Piece, basis: str, *, alone: bool) -> Fraction | None:
        mass = self.mass(piece)
        of = 1 if basis == "mass" else self.ppb(piece, basis)
        of = 1 if of is None and alone else of
        return None if mass is None or of is None else Fraction(mass) * of

    def origins(self, one: str, basis: str) -> dict[str, Fraction]:
        contents, parts = self.contents(one), []
        for knot in self.made_in(one):
            inside = self.melt(knot, basis)
            parts += [(self.came(p, basis, alone=not contents), inside) for p in self.pieces(knot, "output")
                      if p.lot == one]  # fmt: skip
        if contents:
            held = []
            for child, _, _, mass, piece in contents:
                assert isinstance(piece, Piece)
                amount = self.amount(replace(piece, mass=mass), basis)  # type: ignore[arg-type]
                if mass is None and piece.mass is not None:
                    amount = None
                held.append((amount, self.source(str(child), basis)))
            amounts = [a for a, _ in held]
            whole = None if None in amounts else sum(amounts)  # type: ignore[arg-type]
            parts.append((whole, self.mixed(held)))
        parts = parts or [(self.came(p, basis, alone=True), {e.place: Fraction(1)}) for e, p in self.born(one)]
        return self.mixed(parts or [(None, {UNKNOWN: Fraction(1)})])

    def source(self, one: str, basis: str) -> dict[str, Fraction]:
        return {UNKNOWN: Fraction(1)} if self.refilled(one) else self.origins(one, basis)

    def melt(self, knot: Sequence[Event], basis: str) -> dict[str, Fraction]:
        inputs = self.pieces(knot, "input")
        if not inputs:
            return {min(knot, key=lambda e: e.time).place: Fraction(1)}
        return self.mixed([(self.amount(p, basis), self.source(p.lot, basis)) for p in inputs])

    def mixed(self, parts: list[tuple[Fraction | int | None, dict[str, Fraction]]]) -> dict[str, Fraction]:
        if len(parts) == 1:
            return parts[0][1]
        origins = {o for _, m in parts for o in m if o != UNKNOWN}
        total = sum(a for a, _ in parts if a is not None)
        sure = {o: sum(a * m.get(o, 0) for a, m in parts if a is not None) / total for o in origins} if total else {}
        doubt = [m for a, m in parts if a is None or not total]
        if doubt:
            sure = {o: min(m.get(o, Fraction(0)) for m in [*doubt, *([sure] if total else [])]) for o in origins}
        shares = {o: Fraction(s) for o, s in sure.items() if s}
        rest = 1 - sum(shares.values())
        return shares | ({UNKNOWN: rest} if rest else {})

    def edges(self) -> set[tuple[str, str]]:
        found = {(i.lot, o.lot) for k in self.knots for i in self.pieces(k, "input") for o in self.pieces(k, "output")}
        for e in self.events:
            if e.kind in ("aggregation", "association") and e.action != "DELETE":
                parents = [p.lot for p in e.pieces if p.role == "parent"]
                found |= {(p.lot, q) for p in e.pieces if p.role == "child" for q in parents}
        return found


def captured(folder: Path, events: Sequence[Event], cuts: int) -> tuple[Book, list[Event]]:
    """A book of these events, in chunks; those that would close a loop are left out, as capture does."""
    book, kept = Book.open(folder, write=True), []
    size = max(1, len(events) // cuts)
    for begin in range(0, len(events), size):
        batch = events[begin : begin + size]
        made = chunk(batch)
        refused = would_cycle(book, made)
        kept += [e for at, e in enumerate(batch) if at not in refused]
        book.add(made.only(~np.isin(np.arange(len(batch)), list(refused))), book.next)
    return book, kept


def ancestors(edges: set[tuple[str, str]], one: str) -> set[str]:
    found, todo = {one}, [one]
    while todo:
        here = todo.pop()
        for a, b in edges:
            if b == here and a not in found:
                found.add(a)
                todo.append(a)
    return found


WILD = settings(max_examples=40, deadline=None)


@WILD
@given(st.integers(0, 10**9), st.integers(1, 60), st.integers(1, 5), st.booleans())
def test_shares_agree_with_plain_recursion(seed: int, size: int, cuts: int, shuffled: bool) -> None:
    events = history(seed, size)
    if shuffled:
        random.Random(seed).shuffle(events)
    with TemporaryDirectory() as folder:
        book, kept = captured(Path(folder) / "book", events, cuts)
        plain, exact, table = Plain(kept), Exact(Links(book)), shares(book)
        for one in {p.lot for e in kept for p in e.pieces}:
            for basis in ("Nd", "mass"):
                told = exact.origins(book.lot(one), BASES.index(basis))
                assert told.error == 0
                named = {UNKNOWN if o == UNTOLD else book.place_name(o): s for o, s in told.shares.items()}
                assert named == plain.origins(one, basis), (one, basis)
                assert sum(named.values()) == 1
                if basis in table.tables:
                    columns = table.of(book.lot(one), basis)
                    for origin in {*columns, *told.shares}:
                        off = abs(columns.get(origin, 0.0) - float(told.shares.get(origin, 0)))
                        assert off <= table.error + 2**-50, (one, basis, origin)
        book.close(settle=False)


@WILD
@given(st.integers(0, 10**9), st.integers(1, 60), st.integers(1, 5), st.booleans())
def test_no_loop_is_captured_and_every_loop_refused(seed: int, size: int, cuts: int, shuffled: bool) -> None:
    events = history(seed, size)
    events += [replace(e, id=e.id + "b", pieces=tuple(_turned(p) for p in e.pieces))
               for e in events[::4] if e.kind == "transformation" and e.mistake is None]  # fmt: skip
    if shuffled:
        random.Random(seed).shuffle(events)
    with TemporaryDirectory() as folder:
        book = Book.open(Path(folder) / "book", write=True)
        kept: list[Event] = []
        size = max(1, len(events) // cuts)
        for begin in range(0, len(events), size):
            batch = events[begin : begin + size]
            refused = would_cycle(book, chunk(batch))
            declared = [e for e in batch if e.mistake is not None]
            for at, event in enumerate(batch):
                if at not in refused:
                    kept.append(event)
                else:
                    loop = refused[at]
                    assert loop[0] == loop[-1]
                    edges = Plain([*kept, *declared, event]).edges()
                    assert all((a, b) in edges for a, b in itertools.pairwise(loop)), loop
            book.add(chunk(batch).only(~np.isin(np.arange(len(batch)), list(refused))), book.next)
            edges = Plain(kept).edges()
            assert not any(a == b or (a in ancestors(edges, b) and b in ancestors(edges, a)) for a, b in edges)
        book.close(settle=False)


def _turned(piece: Piece) -> Piece:
    role = {"input": "output", "output": "input"}.get(piece.role, piece.role)
    return replace(piece, role=role)  # type: ignore[arg-type]


@WILD
@given(st.integers(0, 10**9), st.integers(1, 40), st.integers(1, 5))
def test_ancestors_both_ways(seed: int, size: int, cuts: int) -> None:
    events = [e for e in history(seed, size) if e.kind in ("object", "transformation")]
    with TemporaryDirectory() as folder:
        book, kept = captured(Path(folder) / "book", events, cuts)
        links, edges = Links(book), Plain(kept).edges()
        lots = sorted({p.lot for e in kept for p in e.pieces})
        for one in lots:
            traced = upstream(links, book.lot(one))
            found = {book.lot_name(code) for code in traced.lots}
            assert found == ancestors(edges, one)
            for other in lots:
                assert (book.lot(one) in downstream(links, book.lot(other)).lots) == (other in found)
                way = path(links, book.lot(other), book.lot(one))
                assert bool(way) == (other in found)
                names = [book.lot_name(code) for code, _ in way]
                assert all(pair in edges for pair in itertools.pairwise(names))
        pair = [book.lot(name) for name in lots[-2:]]
        shared = set.intersection(*(ancestors(edges, name) for name in lots[-2:]))
        assert {book.lot_name(code) for code in common_origin(links, pair)} == shared
        book.close(settle=False)


@WILD
@given(st.integers(0, 10**9), st.integers(1, 40))
def test_order_of_capture_does_not_matter(seed: int, size: int) -> None:
    events = history(seed, size)
    answers = []
    for turn in range(2):
        with TemporaryDirectory() as folder:
            book, kept = captured(Path(folder) / "book", events, 1 + 3 * turn)
            if len(kept) < len(events):
                return  # of a loop, which event is refused depends on which came first
            exact = Exact(Links(book))
            lots = sorted({p.lot for e in kept for p in e.pieces})
            answers.append({
                (one, basis): {book.place_name(o): s for o, s in exact.origins(book.lot(one), basis).shares.items()}
                for one in lots for basis in (ND, MASS)
            })  # fmt: skip
            answers.append({one: {book.lot_name(c) for c in upstream(Links(book), book.lot(one)).lots} for one in lots})
            book.close(settle=False)
        random.Random(seed).shuffle(events)
    assert answers[:2] == answers[2:]


@WILD
@given(st.integers(0, 10**9), st.integers(1, 60))
def test_what_goes_in_comes_out(seed: int, size: int) -> None:
    """Of each origin, what the outputs hold is what the inputs held, but for the losses, which take of all alike."""
    events = [e for e in history(seed, size) if e.kind in ("object", "transformation") and not e.transformation]
    with TemporaryDirectory() as folder:
        book, kept = captured(Path(folder) / "book", events, 1)
        exact, plain = Exact(Links(book)), Plain(kept)
        for knot in plain.knots:
            inputs, outputs = plain.pieces(knot, "input"), plain.pieces(knot, "output")
            sizes = [plain.amount(p, "Nd") for p in (*inputs, *outputs)]
            if not inputs or None in sizes or len(plain.made_in(outputs[0].lot)) != 1 or not sum(sizes[: len(inputs)]):  # type: ignore[arg-type]
                continue
            entered: dict[int, Fraction] = {}
            for piece, amount in zip(inputs, sizes, strict=False):
                for origin, share in exact.origins(book.lot(piece.lot), ND).shares.items():
                    entered[origin] = entered.get(origin, Fraction(0)) + share * amount  # type: ignore[operator]
            left = sizes[len(inputs)] / sum(entered.values())  # type: ignore[operator]
            out = exact.origins(book.lot(outputs[0].lot), ND).shares
            assert {o: s * sizes[len(inputs)] for o, s in out.items()} == {  # type: ignore[operator]
                o: s * left for o, s in entered.items() if s
            }
        book.close(settle=False)


def test_a_mistaken_event_counts_nowhere(tmp_path: Path) -> None:
    made = Event("e1", "object", 1, 0, (Piece(lot(1), "what", 10),), "ADD", location="urn:place:a")
    wrong = Event("e2", "transformation", 2, 0, (Piece(lot(1), "input", 10), Piece(lot(2), "output", 9)))
    book, _ = captured(tmp_path / "book", [made, wrong], 1)
    assert upstream(Links(book), book.lot(lot(2))).lots == {book.lot(lot(1)), book.lot(lot(2))}
    book.add(chunk([replace(wrong, mistake=Mistake(3))]), book.next)
    assert upstream(Links(book), book.lot(lot(2))).lots == {book.lot(lot(2))}
    assert book.mistaken.tolist() == [False, True, True]
    # The other way round, too: known to be wrong before it came.
    early, _ = captured(tmp_path / "early", [replace(wrong, mistake=Mistake(3)), made, wrong], 3)
    assert early.mistaken.tolist() == [True, False, True]
    book.close(settle=False)


@pytest.mark.parametrize("depth", [3_000])
def test_deep_histories_need_no_recursion(tmp_path: Path, depth: int) -> None:
    events = [Event("e0", "object", 0, 0, (Piece(lot(0), "what", 10**9, assays=(Assay("Nd", 10**8),)),), "ADD",
                    location="urn:place:a")]  # fmt: skip
    for n in range(1, depth):
        pieces = (Piece(lot(n - 1), "input", 10**9), Piece(lot(n), "output", 10**9))
        events.append(Event(f"e{n}", "transformation", n, 0, pieces))
    book, kept = captured(tmp_path / "book", events, 1)
    assert len(kept) == depth
    place = book.place("urn:place:a")
    assert Exact(Links(book)).origins(book.lot(lot(depth - 1)), ND).shares == {place: 1}
    assert shares(book).of(book.lot(lot(depth - 1)), "Nd") == {place: 1.0}
    assert len(path(Links(book), book.lot(lot(0)), book.lot(lot(depth - 1)))) == depth
    book.close(settle=False)


@WILD
@given(st.integers(0, 10**9), st.integers(1, 60))
def test_work_in_blocks_changes_no_share(seed: int, size: int) -> None:
    """With many origins a few are worked out at a time, with many lots a few rows: the same shares to the last bit."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        book, _ = captured(Path(folder) / "book", history(seed, size), 1)
        whole = shares(book)
        for name, value in (("BLOCK", 1), ("NARROW", 1), ("PIECE", 2)):
            patched.setattr(f"ytterby.custody.genealogy.shares.{name}", value)
        patched.setattr("ytterby.custody.genealogy.weights.BLOCK", 3)
        apart = shares(book)
        assert apart.tables.keys() == whole.tables.keys()
        for basis, table in whole.tables.items():
            assert np.array_equal(apart.tables[basis].toarray(), table.toarray())
        book.close(settle=False)
