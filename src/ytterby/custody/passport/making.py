"""Home to the making of a passport: what is told of a lot, the proofs for it, and a digest over both.

    digest = SHA-256 of the passport without it, as JSON with sorted keys, no blanks, UTF-8

With every name shown, the events it rests on are in it too: whoever checks it draws all its figures again from them.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from ytterby.custody.balance import Ground, ground
from ytterby.custody.book.layout import BESIDE
from ytterby.custody.disclosure import Disclosure, plain
from ytterby.custody.epcis.identifiers import address
from ytterby.custody.genealogy.exact import Exact
from ytterby.custody.genealogy.links import Links
from ytterby.custody.genealogy.tracing import upstream
from ytterby.custody.ledger import Ledger
from ytterby.custody.passport.accounts import accounts, claimed
from ytterby.custody.passport.told import Asked, evidence, told
from ytterby.custody.registry import Registry
from ytterby.rules.judging import Law
from ytterby.terms.errors import UnknownName

FORM = "ytterby lot passport 1"
KINDS = ("facility", "lot", "event")
"""Kinds of names that may be withheld: the lot of the passport itself always stands."""
NO_CO2 = "no event tells what was emitted"
MOST_EVENTS = 5_000
"""Events up to which they are put into the passport themselves, where every name is shown."""

Told = dict[str, Any]


def passport(
    at: Ground,
    ledger: Ledger,
    held: Law,
    lot: str,
    *,
    readings: Sequence[str],
    disclosure: Disclosure | None = None,
    now: datetime.datetime | None = None,
) -> Told:
    """The passport of a lot as plain values; its schema is ``ytterby schema passport``.

    Args:
        at: book and registry.
        ledger: the ledger that the book was read from.
        held: the law.
        lot: address, in any spelling.
        readings: how unsettled texts are read; each is asked.
        disclosure: which names are shown; all of them without it.
        now: when it is made.

    Raises:
        UnknownName: no captured event names the lot.
    """
    shown = disclosure or Disclosure()
    moment = now or datetime.datetime.now(datetime.UTC)
    name = lot if at.book.lot(lot) >= 0 else address(lot)
    code = at.book.lot(name)
    if code < 0:
        raise UnknownName(lot, (), "lot", remedy="no captured event names it: check the address, or capture its events")
    links = Links(at.book)
    rows = evidence(links, code)
    asked = Asked(name, moment.date(), tuple(readings))
    own = _registry(at, links, code, rows)
    # Drawn from the same extract of the registry that goes with it, so that whoever checks it draws the same.
    small = ground(at.book, own)
    body = told(small, held, asked)
    body["accounts"] = accounts(at, links, code, *claimed(at, Exact(links), code))
    document = {
        "form": FORM,
        "lot": name,
        "made": moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "on": asked.on.isoformat(),
        "rules": {"known": held.known.isoformat(), "readings": list(readings), "digest": digest_of_rules(held)},
        **_withheld(body, shown, name, _spoken(at, links, code, own)),
        "co2": {"kg": None, "why": NO_CO2},
        "registry": own.model_dump(mode="json", exclude_defaults=True) if shown.whole else {},
        "evidence": _evidence(at, ledger, rows, shown),
    }
    return sealed(document)


def sealed(document: Mapping[str, Any]) -> Told:
    """A document with its digest."""
    body = {key: value for key, value in document.items() if key != "digest"}
    return {**body, "digest": digest(body)}


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256, hex, of a document without its digest."""
    body = {key: value for key, value in document.items() if key != "digest"}
    return hashlib.sha256(canonical(body)).hexdigest()


def canonical(document: Any) -> bytes:
    """JSON with sorted keys and no blanks, UTF-8."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")


def digest_of_rules(held: Law) -> str:
    """What the clauses said when a passport was made."""
    return hashlib.sha256(canonical([one.model_dump(mode="json") for one in held.instruments])).hexdigest()


def _registry(at: Ground, links: Links, lot: int, rows: Sequence[int]) -> Registry:
    """What the registry says of the places and lots a passport names: the user's own word, and not the ledger's."""
    book = at.book
    lots = upstream(links, lot).lots
    events = {*rows, *(links.event[row] for one in lots for row in links.strand(one, BESIDE))}
    columns = ("events.place", "events.source_place", "events.destination_place")
    names = {book.place_name(int(book[column].data[event])) for event in events for column in columns}
    sites = [one for name in sorted(names - {""}) if (one := at.registry.facility(name)) is not None]
    told = [one for one in at.registry.lots if any(book.lot_name(code).startswith(one.prefix) for code in lots)]
    kept = {one.id: one.model_copy(update={"recipes": (), "capacity_kg_month": None}) for one in sites}
    return Registry(facilities=tuple(kept[name] for name in sorted(kept)), lots=tuple(told))


_NAMED = {"facility": "facility", "lot": "lot", "container": "lot"}
"""Keys that hold names, and their kinds."""


def _spoken(at: Ground, links: Links, lot: int, own: Registry) -> Mapping[str, str]:
    """Names that sentences of a passport may speak of, and their kinds."""
    lots = {at.book.lot_name(one): "lot" for one in upstream(links, lot).lots if one != lot}
    return {**lots, **{name: "facility" for one in own.facilities for name in (one.id, *one.addresses)}}


def _withheld(value: Any, shown: Disclosure, subject: str, spoken: Mapping[str, str]) -> Any:
    if shown.whole:
        return value
    if isinstance(value, dict):
        return {
            key: shown.name(_NAMED[key], one) if key in _NAMED and isinstance(one, str) and one != subject
            else [_unspoken(text, shown, subject, spoken) for text in one] if key in _SENTENCES
            else _withheld(one, shown, subject, spoken)
            for key, one in value.items()
        }  # fmt: skip
    return [_withheld(one, shown, subject, spoken) for one in value] if isinstance(value, list) else value


_SENTENCES = ("missing", "reasons")


def _unspoken(text: str, shown: Disclosure, subject: str, spoken: Mapping[str, str]) -> str:
    """A sentence without the names that are withheld."""
    for name in sorted(spoken, key=len, reverse=True):
        if name in text and name != subject:
            text = text.replace(name, plain(shown.name(spoken[name], name)))
    return text


def _evidence(at: Ground, ledger: Ledger, rows: Sequence[int], shown: Disclosure) -> Told:
    """Proofs of the events, their hashes written once each."""
    sequences = [int(at.book["events.sequence"].data[row]) for row in rows]
    nodes: dict[bytes, int] = {}
    events = []
    bodies = shown.whole and len(rows) <= MOST_EVENTS
    for kept, proof in zip(ledger.at(sequences), ledger.inclusions(sequences), strict=True):
        one: Told = {
            "event": shown.name("event", kept.id),
            "index": kept.sequence,
            "digest": kept.digest.hex(),
            "proof": [nodes.setdefault(node, len(nodes)) for node in proof],
        }
        if bodies:
            one["body"] = kept.body.decode("utf-8", "surrogatepass")
        events.append(one)
    return {"head": ledger.head.published(), "nodes": [node.hex() for node in nodes], "events": events}
