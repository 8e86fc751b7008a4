"""A small chain told by hand: its trace, its recall, and what its lots may claim."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.custody.book import Book, chunk
from ytterby.custody.event import MICROGRAMS, Assay, Event, Piece
from ytterby.custody.genealogy.links import Links
from ytterby.custody.genealogy.models import (
    ControlledBlending,
    Credits,
    Histories,
    IdentityPreserved,
    Model,
    RollingAverage,
    Segregated,
    Terms,
    models,
)
from ytterby.custody.genealogy.models.credits import Entry, account
from ytterby.custody.genealogy.trace import trace
from ytterby.custody.genealogy.tracing import downstream, upstream
from ytterby.custody.registry import Facility, Registry
from ytterby.terms.errors import UnknownName

DAY = 86_400_000_000
KG = MICROGRAMS


def piece(lot: str, role: str, kg: int | None = None, ppb: int | None = None) -> Piece:
    assays = () if ppb is None else (Assay("Dy", ppb),)
    return Piece(lot, role, None if kg is None else kg * KG, assays=assays)  # type: ignore[arg-type]


def event(at: int, kind: str, place: str, *pieces: Piece, action: str = "", step: str = "", to: str = "") -> Event:
    into = (("location", to), ("possessing_party", "urn:party:" + to)) if to else ()
    return Event(f"e{at}{kind}{place}", kind, at * DAY, 0, pieces, action=action, step=step, location=place,  # type: ignore[arg-type]
                 destinations=into)  # fmt: skip


def chain() -> list[Event]:
    """Two mines, one melt of both, one of the first alone; a pallet shipped and received."""
    return [
        event(0, "object", "mine-a", piece("A", "what", 60, 10**8), action="ADD", step="commissioning"),
        event(1, "object", "mine-b", piece("B", "what", 40, 3 * 10**8), action="ADD", step="commissioning"),
        event(2, "transformation", "works", piece("A", "input", 20), piece("P", "output", 18, 10**8)),
        event(3, "transformation", "works", piece("A", "input", 40), piece("B", "input", 40), piece("M", "output", 70)),
        event(4, "aggregation", "works", piece("pallet", "parent"), piece("M", "child", 50), action="ADD"),
        event(5, "object", "works", piece("pallet", "what"), action="OBSERVE", step="shipping", to="port"),
        event(6, "object", "port", piece("pallet", "what"), action="OBSERVE", step="receiving"),
        event(7, "object", "works", piece("P", "what", 5), action="OBSERVE", step="shipping", to="maker"),
        event(40, "transformation", "works", piece("P", "input", 10), piece("Q", "output", 10)),
    ]


def book_of(folder: Path, events: Sequence[Event]) -> Book:
    book = Book.open(folder / "book", write=True)
    book.add(chunk(events), 0)
    return book


def test_a_lot_is_traced_to_its_mines(tmp_path: Path) -> None:
    registry = Registry(facilities=(Facility(id="mine_a", addresses=("mine-a",), place="AU"),))
    found = trace(book_of(tmp_path, chain()), "M", registry=registry)
    shares = {o.facility: dict(o.share) for o in found.origins}
    assert shares == {
        "mine_a": {"Dy": Fraction(40, 160), "mass": Fraction(1, 2)},
        "mine-b": {"Dy": Fraction(120, 160), "mass": Fraction(1, 2)},
    }
    assert {o.facility: o.place for o in found.origins} == {"mine_a": "AU", "mine-b": ""}
    assert found.first == ("A", "B")
    assert found.events == 3
    assert set(found.to_dict()) >= {"lot", "origins", "events", "verdicts"}


def test_a_recall_says_who_holds_what(tmp_path: Path) -> None:
    book = book_of(tmp_path, chain())
    held = {(h.lot, h.state, h.place, h.container): h.kg for h in trace(book, "A", down=True).holders}
    assert held == {
        ("P", "held", "works", ""): 3.0,
        ("P", "under way", "maker", ""): 5.0,
        ("Q", "held", "works", ""): 10.0,
        ("M", "held", "works", ""): 20.0,
        ("M", "packed", "", "pallet"): 50.0,
        ("pallet", "held", "port", ""): None,
    }


def test_an_unknown_lot_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="unknown lot 'Z'"):
        trace(book_of(tmp_path, chain()), "Z")


def test_a_crate_used_again_links_only_what_lay_in_it(tmp_path: Path) -> None:
    events = [
        event(0, "aggregation", "a", piece("crate", "parent"), piece("X", "child", 1), action="ADD"),
        event(1, "transformation", "a", piece("crate", "input"), piece("fromX", "output", 1)),
        event(2, "aggregation", "a", piece("crate", "parent"), action="DELETE"),
        event(3, "aggregation", "a", piece("crate", "parent"), piece("Y", "child", 1), action="ADD"),
        event(4, "transformation", "a", piece("crate", "input"), piece("fromY", "output", 1)),
    ]
    book = book_of(tmp_path, events)
    links = Links(book)

    def names(codes: frozenset[int]) -> set[str]:
        return {book.lot_name(code) for code in codes}

    assert names(upstream(links, book.lot("fromX")).lots) == {"fromX", "crate", "X"}
    assert names(upstream(links, book.lot("fromY")).lots) == {"fromY", "crate", "Y"}
    assert names(downstream(links, book.lot("X")).lots) == {"X", "crate", "fromX"}
    assert {o.facility for o in trace(book, "fromY").origins} == {"untold"}


def claims(folder: Path, model: Model, declared: dict[str, Fraction], *lots: str) -> list[tuple[bool, Fraction]]:
    book = book_of(folder, chain())
    histories = Histories(Links(book), Terms(frozenset({"mine-a"}), declared=declared))
    found = [model.claim(histories, book.lot(lot)) for lot in lots]
    assert all(claim.why for claim in found)
    assert all(claim.holds or claim.broken_by or not claim.share for claim in found)
    return [(claim.holds, claim.share) for claim in found]


@pytest.mark.parametrize("model", [IdentityPreserved(), Segregated()])
def test_one_source_and_only_eligible_sources(tmp_path: Path, model: Model) -> None:
    assert claims(tmp_path, model, {}, "P", "Q", "M") == [(True, 1), (True, 1), (False, 0)]


def test_the_event_that_mixed_is_named(tmp_path: Path) -> None:
    book = book_of(tmp_path, chain())
    for model in (IdentityPreserved(), Segregated()):
        found = model.claim(Histories(Links(book), Terms(frozenset({"mine-a"}))), book.lot("pallet"))
        assert [b.event for b in found.broken_by] == [3]


def test_a_blend_claims_what_went_in(tmp_path: Path) -> None:
    half, more = {"M": Fraction(1, 2)}, {"M": Fraction(51, 100)}
    assert claims(tmp_path / "a", ControlledBlending(), half, "M") == [(True, Fraction(1, 2))]
    assert claims(tmp_path / "b", ControlledBlending(), more, "M") == [(False, Fraction(1, 2))]


def test_a_rolling_average_is_the_site_s(tmp_path: Path) -> None:
    # In January the works took in 60 kg of mine-a and 40 of mine-b; ten more of the first in February.
    assert claims(tmp_path / "a", RollingAverage(), {}, "M", "Q") == [
        (True, Fraction(60, 100)),
        (True, Fraction(70, 110)),
    ]
    assert claims(tmp_path / "b", RollingAverage(months=1), {}, "Q") == [(True, Fraction(1))]
    assert claims(tmp_path / "c", RollingAverage(), {"M": Fraction(61, 100)}, "M")[0][0] is False


def test_credits_are_never_negative_and_run_out(tmp_path: Path) -> None:
    most = {"M": Fraction(60, 70)}
    assert claims(tmp_path / "a", Credits(), most, "M", "P") == [(True, Fraction(60, 70)), (False, 0)]
    assert claims(tmp_path / "b", Credits(), {"M": Fraction(61, 70)}, "M") == [(False, 0)]
    assert claims(tmp_path / "c", Credits(conversion=Fraction(9, 10)), most, "M") == [(False, 0)]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(-50, 50)), max_size=30),
    st.one_of(st.none(), st.integers(0, 12)),
)
def test_an_account_keeps_what_it_was_given(rows: list[tuple[int, int]], valid: int | None) -> None:
    entries = [Entry(when, at, Fraction(amount)) for at, (when, amount) in enumerate(sorted(rows, key=lambda r: r[0]))]
    lines = account(entries, valid=valid)
    put = taken = expired = Fraction(0)
    for line in lines:
        expired += line.expired
        put += max(line.entry.amount, Fraction(0))
        taken += 0 if line.short else -min(line.entry.amount, Fraction(0))
        assert line.balance >= 0
        assert line.balance == put - taken - expired
        assert not line.short or -line.entry.amount > line.balance
    assert valid is not None or expired == 0


def test_every_model_answers_for_every_lot(tmp_path: Path) -> None:
    book = book_of(tmp_path, chain())
    histories = Histories(Links(book), Terms(frozenset({"mine-a"}), declared={"M": Fraction(1, 3)}))
    for model in models():
        for lot in range(book.lots):
            found = model.claim(histories, lot)
            assert found.model == model.name
            assert 0 <= found.share <= 1
