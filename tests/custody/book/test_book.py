"""The book: what goes in comes out, in any chunks; torn, lost and flipped bytes are seen."""

from __future__ import annotations

import pickle
import random
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.custody.book import Book, chunk, columns, wrong
from ytterby.custody.book import book as room
from ytterby.custody.book.layout import ACTIONS, DOWN, REFERENCES, STRAND, UP
from ytterby.custody.event import KINDS, ROLES, Assay, Event, Mistake, Piece
from ytterby.terms.elements import ELEMENTS
from ytterby.terms.errors import StoreError

TEXT = st.text(min_size=1, max_size=12)
NAMES = st.one_of(st.sampled_from(["a", "b", "c", "稀土", "\ud800"]), TEXT)
PIECES = st.builds(
    Piece,
    NAMES,
    st.sampled_from(ROLES),
    st.one_of(st.none(), st.integers(0, 2**62)),
    st.one_of(st.none(), st.floats(0, 1e6)),
    st.one_of(st.just(""), NAMES),
    st.lists(st.builds(Assay, st.sampled_from(ELEMENTS), st.integers(0, 10**9)), max_size=2).map(tuple),
)
EVENTS = st.builds(
    Event,
    st.uuids().map(str),
    st.sampled_from(KINDS),
    st.integers(-(2**62), 2**62),
    st.just(0),
    st.lists(PIECES, max_size=4).map(tuple),
    action=st.sampled_from(ACTIONS),
    step=st.one_of(st.just(""), NAMES),
    location=st.one_of(st.just(""), NAMES),
    transformation=st.one_of(st.just(""), NAMES),
    sources=st.lists(st.tuples(st.sampled_from(["possessing_party", "location"]), NAMES), max_size=2).map(tuple),
    licences=st.lists(NAMES, max_size=2).map(tuple),
    losses=st.lists(st.tuples(st.sampled_from(["", "Nd"]), st.integers(0, 10**15)), max_size=1).map(tuple),
)


def filled(folder: Path, events: Sequence[Event], size: int) -> Book:
    book = Book.open(folder / "book", write=True)
    for begin in range(0, len(events), size):
        book.add(pickle.loads(pickle.dumps(chunk(events[begin : begin + size]))), begin)
    return book


def some(count: int, seed: int = 1) -> list[Event]:
    dice = random.Random(seed)
    return [
        Event(f"e{n}", "transformation", n, 0,
              (Piece(f"lot{dice.randrange(count)}", "input", n), Piece(f"lot{n + count}", "output", n + 1,
               assays=(Assay("Nd", n),))), location=f"place{n % 7}", transformation=f"run{n // 2}" if n % 3 else "")
        for n in range(count)
    ]  # fmt: skip


def told(book: Book) -> list[tuple[object, ...]]:
    """Everything the book says of each event, with names."""
    rows: list[tuple[object, ...]] = []
    e = {name: book[f"events.{name}"].tolist() for name in ("time", "kind", "action", "step", "place", "first")}
    m = {name: book[f"moves.{name}"].tolist() for name in ("event", "lot", "role", "mass", "material")}
    references = [book[f"references.{c}"].tolist() for c in ("event", "kind", "name")]
    assays = [book[f"assays.{c}"].tolist() for c in ("event", "lot", "element", "ppb")]
    for row in range(len(book)):
        pieces = [
            (book.lot_name(lot), ROLES[role], mass, book.name("materials", material))
            for at, lot, role, mass, material in zip(*m.values(), strict=True)
            if at == row
        ]
        first = m["event"].index(row) if pieces else e["first"][row]
        assert e["first"][row] == first
        named = [(REFERENCES[k], book.name("names", n)) for at, k, n in zip(*references, strict=True) if at == row]
        tested = [(book.lot_name(t), ELEMENTS[x], ppb) for at, t, x, ppb in zip(*assays, strict=True) if at == row]
        step, place = book.name("steps", e["step"][row]), book.place_name(e["place"][row])
        kind, action = KINDS[e["kind"][row]], ACTIONS[e["action"][row]]
        rows.append((e["time"][row], kind, action, step, place, pieces, named, tested))
    return rows


@settings(max_examples=40, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=12), st.integers(1, 5))
def test_what_goes_in_comes_out(events: list[Event], size: int) -> None:
    with TemporaryDirectory() as folder:
        book = filled(Path(folder), events, size)
        expected = [
            (e.time, e.kind, e.action, e.step, e.place,
             [(p.lot, p.role, -1 if p.mass is None else p.mass, p.material) for p in e.pieces],
             [("licence", n) for n in e.licences] + [("transformation", n) for n in (e.transformation,) if n],
             [(p.lot, a.element, a.ppb) for p in e.pieces for a in p.assays])
            for e in events
        ]  # fmt: skip
        assert told(book) == expected
        reader = Book.open(Path(folder) / "book")
        assert told(reader) == expected
        for lot in {p.lot for e in events for p in e.pieces}:
            assert reader.lot_name(reader.lot(lot)) == lot
        assert reader.lots == len({p.lot for e in events for p in e.pieces})
        assert reader.lot("never seen, not even once") == -1
        for strand, roles in ((UP, ("output", "parent")), (DOWN, ("input", "child"))):
            for lot in range(reader.lots):
                row, chain = int(reader.strands.rows[3 * lot + strand]), []
                while row >= 0:
                    chain.append(row)
                    row = int(reader["moves.previous"][row])
                of = [STRAND[r] == strand for r in reader["moves.role"]] & (reader["moves.lot"] == lot)
                assert chain == np.flatnonzero(of)[::-1].tolist(), roles
        book.close(settle=False)


@settings(max_examples=25, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=10), st.data())
def test_a_chunk_without_some_events_is_the_chunk_of_the_others(events: list[Event], data: st.DataObject) -> None:
    keep = data.draw(st.lists(st.booleans(), min_size=len(events), max_size=len(events)))
    with TemporaryDirectory() as folder:
        one, other = Book.open(Path(folder) / "a", write=True), Book.open(Path(folder) / "b", write=True)
        one.add(chunk(events).only(np.array(keep)), 0)
        other.add(chunk([e for e, kept in zip(events, keep, strict=True) if kept]), 0)
        assert told(one) == told(other)
        assert one.lots == other.lots
        one.close(settle=False)
        other.close(settle=False)


def test_kept_arrays_are_those_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "OFTEN", 1)
    events = [*some(300), Event("e7", "object", 1, 0, (), mistake=Mistake(2))]
    filled(tmp_path, events[:200], 37).close()
    book = Book.open(tmp_path / "book", write=True)
    assert (tmp_path / "book" / "strands.1").is_file()
    book.catch_up([(150, events[150:260]), (260, events[260:])])
    assert book.next == 301
    whole = filled(tmp_path / "again", events, 301)
    for reader in (book, Book.open(tmp_path / "book"), whole):
        assert np.array_equal(reader.strands.kept(), whole.strands.kept())
        assert np.array_equal(reader.siblings.kept(), whole.siblings.kept())
        assert np.flatnonzero(reader.mistaken).tolist() == [7, 300]
        assert told(reader) == told(whole)
    book.close()
    assert Book.open(tmp_path / "book").wrong() is None


def test_readers_see_whole_chunks_only(tmp_path: Path) -> None:
    events = some(60)
    book = Book.open(tmp_path / "book", write=True)
    book.add(chunk(events[:20]), 0)
    reader = Book.open(tmp_path / "book")
    book.add(chunk(events[20:]), 20)
    assert len(reader) == 20
    before = told(reader)
    assert reader.refresh()
    assert len(reader) == 60
    assert told(reader)[:20] == before
    assert np.array_equal(reader.strands.kept(), book.strands.kept())
    assert not reader.refresh()


def test_what_was_torn_off_is_cut(tmp_path: Path) -> None:
    book = filled(tmp_path, some(50), 10)
    book.close(settle=False)
    for path in (tmp_path / "book").glob("moves.*"):
        with path.open("ab") as file:
            file.write(b"half a ro")
    again = Book.open(tmp_path / "book", write=True)
    again.add(chunk(some(70)[50:]), 50)
    assert told(again) == told(filled(tmp_path / "other", some(50) + some(70)[50:], 100))


@pytest.mark.parametrize("settled", [True, False])
def test_any_flipped_byte_is_found(tmp_path: Path, settled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "OFTEN", 1)
    book = filled(tmp_path, some(40), 40)
    book.close(settle=settled)
    files = [p for p in sorted((tmp_path / "book").iterdir()) if p.stat().st_size]
    assert len(files) > 30
    for path in files:
        raw = bytearray(path.read_bytes())
        at = len(raw) // 2
        raw[at] ^= 4
        path.write_bytes(raw)
        found = wrong(tmp_path / "book")
        assert found is not None
        assert found[0] == (path.name if path.suffix != ".crc" else path.with_suffix(".i4").name)
        with suppress(StoreError):
            Book.open(tmp_path / "book")
        raw[at] ^= 4
        path.write_bytes(raw)
    assert Book.open(tmp_path / "book").wrong() is None


def test_a_damaged_book_begins_again_and_catches_up(tmp_path: Path) -> None:
    events = some(30)
    filled(tmp_path, events, 10).close()
    (tmp_path / "book" / "manifest.json").write_text("no manifest")
    with pytest.raises(StoreError, match="manifest is damaged"):
        Book.open(tmp_path / "book")
    book = Book.open(tmp_path / "book", write=True)
    assert book.next == 0
    assert book.catch_up([(0, events)]) == 30
    (tmp_path / "book" / "moves.lot.i4").write_bytes(b"")
    assert Book.open(tmp_path / "book", write=True).next == 0


def test_a_gap_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    book = filled(tmp_path, some(10), 10)
    with pytest.raises(StoreError, match="ends before event 10"):
        book.add(chunk(some(3)), 12)
    assert len(book) == 10


def test_a_full_disk_leaves_the_book_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = filled(tmp_path, some(10), 10)
    before = told(book)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(room.manifests, "write", full)
        with pytest.raises(StoreError, match="disk is full"):
            book.add(chunk(some(20)[10:]), 10)
    assert told(book) == before
    book.add(chunk(some(20)[10:]), 10)
    assert told(book) == told(filled(tmp_path / "other", some(10) + some(20)[10:], 20))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 700), st.integers(0, 700), st.data())
def test_a_flipped_byte_is_found_from_its_block_on(rows: int, since: int, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "BLOCK", 64)
        column = columns.Column(Path(folder) / "a.i8", "i8", 0, 0)
        for begin in range(0, rows, 97):
            column.append(np.arange(begin, min(begin + 97, rows)))
        column.close()
        since = min(since, rows)
        assert column.wrong(since) is None
        if rows:
            at = data.draw(st.integers(0, 8 * rows - 1))
            raw = bytearray(column.path.read_bytes())
            raw[at] ^= 2
            column.path.write_bytes(raw)
            assert column.wrong(since) == (at // 64 * 64 if at // 64 >= since * 8 // 64 else None)
            column.path.write_bytes(raw[:at])
            cut = column.wrong(since)
            assert cut is not None
            assert cut <= at
