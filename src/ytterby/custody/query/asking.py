"""Home to answering: the events of a ledger that a question is about, page by page.

A page token says where the next page begins and how many events there were when the first one was asked for: what is
captured meanwhile does not come in between.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import orjson
from numpy.typing import NDArray

from ytterby.custody.ledger.index import Block
from ytterby.custody.ledger.ledger import Kept, Ledger
from ytterby.custody.ledger.rows import ACTION_OF, KIND_OF, NEVER, ROLE_OF, key
from ytterby.custody.query.question import LARGEST_PAGE, PAGE, TYPES, Question, TooLarge, question
from ytterby.custody.registry import Registry
from ytterby.terms.errors import BadValue

TYPE_NAMED = dict(zip(("object", "aggregation", "transaction", "transformation", "association"), TYPES, strict=True))
_AT_ONCE = 256
"""Candidates read together."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the answer."""

    events: tuple[Kept, ...]
    next: str
    """Token of the next page; empty where there is none."""
    total: int | None = None
    """How many there are in all, where a bound made us count."""


def asked(
    ledger: Ledger,
    parameters: Mapping[str, Sequence[str]],
    *,
    page: int = PAGE,
    token: str = "",
    lot: str = "",
    known: Registry | None = None,
) -> Found:
    """The events that answer query parameters of EPCIS 2.0.

    Args:
        ledger: where to look.
        parameters: as `question` takes them.
        page: most events of a page, up to 1,000.
        token: `Found.next` of the page before.
        lot: only events that name this lot or thing.
        known: what is said of places and parties, where their attributes are asked for.

    Raises:
        InputError: parameters, page or token that cannot be understood.
        TooLarge: more answer than ``maxEventCount``.
    """
    if not 1 <= page <= LARGEST_PAGE:
        remedy = f"give a number from 1 to {LARGEST_PAGE:,}"
        raise BadValue(f"a page of {page:,} events", place="perPage", remedy=remedy)
    told = question(parameters, lot, known)
    mark = _mark({**parameters, "": [lot]})
    size, done = _read(token, mark, len(ledger)) if token else (len(ledger), 0)
    if not size:
        return Found((), "")
    most = told.limit if told.limit is not None else size
    if told.most is not None and not token:
        count = sum(1 for _ in islice(_answers(ledger, told, size), told.most + 1))
        if count > told.most:
            raise TooLarge(f"more than {told.most:,} events answer", place="maxEventCount", remedy="ask for less")
    begin = done
    if told.order or told.limit is not None:
        found = list(islice(_answers(ledger, told, size), done, min(done + page + 1, most)))
        after = done + page
    else:
        found = list(islice(_answers(ledger, told, size, begin), page + 1))
        after = found[page - 1].sequence + 1 if len(found) > page else 0
    return Found(tuple(found[:page]), _written(mark, size, after) if len(found) > page else "")


def every(ledger: Ledger, parameters: Mapping[str, Sequence[str]]) -> Iterator[Kept]:
    """All events that answer, one after the other."""
    return _answers(ledger, question(parameters), len(ledger)) if len(ledger) else iter(())


def _answers(ledger: Ledger, told: Question, size: int, first: int = 0) -> Iterator[Kept]:
    candidates = _candidates(ledger, told, size, first)
    for begin in range(0, len(candidates), _AT_ONCE):
        for one in ledger.at(candidates[begin : begin + _AT_ONCE].tolist()):
            if _fits(one, told):
                yield one


def _fits(one: Kept, told: Question) -> bool:
    if told.ids and one.id not in told.ids:
        return False
    if not told.judges and not told.transformations:
        return True
    form = orjson.loads(one.body)
    if told.transformations and form.get("transformationID") not in told.transformations:
        return False
    return all(judge(form) for judge in told.judges)


def _candidates(ledger: Ledger, told: Question, size: int, first: int) -> NDArray[np.int64]:
    """(candidates,) sequence numbers that the index does not rule out, in the order of the answer."""
    index = ledger.index
    only = _only(ledger, told)
    codes = [(column, index.codes(words)) for column, words in told.words]
    kept: list[NDArray[np.int64]] = []
    orders: list[NDArray[np.int64]] = []
    for block in index.blocks(first, told.since, told.until):
        fits = _mask(block, told, codes)
        sequences = block.first + np.flatnonzero(fits).astype("<i8")
        keep = sequences < size
        if only is not None:
            keep &= np.isin(sequences, only)
        kept.append(sequences[keep])
        if told.order:
            orders.append(block.cells[told.order][fits][keep])
    if not kept:
        return np.zeros(0, "<i8")
    found = np.concatenate(kept)
    if told.order:
        order = np.concatenate(orders)
        found = found[np.argsort(-order if told.descending else order, kind="stable")]
    return found


def _only(ledger: Ledger, told: Question) -> NDArray[np.int64] | None:
    """(events,) those that have the ids and lots asked for, as far as the index can tell; None where it cannot."""
    only: NDArray[np.int64] | None = None
    if told.ids:
        named = ledger.index.named([key(name) for name in told.ids])
        only = np.array(sorted({place for places in named.values() for place in places}), "<i8")
    for match in told.matches:
        if match.exact:
            found = ledger.index.holding([key(lot) for lot in match.lots], [ROLE_OF[role] for role in match.roles])
            only = found if only is None else np.intersect1d(only, found)
    return only


def _mask(block: Block, told: Question, codes: Sequence[tuple[str, Sequence[int]]]) -> NDArray[np.bool_]:
    cells = block.cells
    fits = np.ones(len(cells), bool)
    if told.types:
        fits &= np.isin(cells["kind"], [code for kind, code in KIND_OF.items() if TYPE_NAMED[kind] in told.types])
    if told.actions:
        fits &= np.isin(cells["action"], [ACTION_OF[one] for one in told.actions])
    for column, known in codes:
        fits &= np.isin(cells[column], known)
    if told.transformations:
        fits &= np.isin(cells["transformation"], [key(one) for one in told.transformations])
    if told.mistakes:
        fits &= cells["mistake"] != NEVER
    for column, since, until in (
        ("time", told.since, told.until),
        ("recorded", told.recorded_since, told.recorded_until),
        ("mistake", told.mistaken_since, told.mistaken_until),
    ):
        if since is not None:
            fits &= cells[column] >= since
        if until is not None:
            fits &= (cells[column] < until) & (cells[column] != NEVER)
    return fits


def _mark(parameters: Mapping[str, Sequence[str]]) -> str:
    told = json.dumps(sorted((name, list(values)) for name, values in parameters.items()))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _written(mark: str, size: int, after: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([mark, size, after]).encode()).decode().rstrip("=")


def _read(token: str, mark: str, size: int) -> tuple[int, int]:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        whose, then, after = json.loads(raw)
        if whose != mark or type(then) is not int or type(after) is not int or not 0 <= after <= then <= size:
            raise ValueError
    except (ValueError, TypeError, binascii.Error, UnicodeError, RecursionError):
        remedy = "ask for the first page again, without a token"
        raise BadValue("the page token is not one of this question", place="nextPageToken", remedy=remedy) from None
    return then, after
