"""Home to plain events: the forms that nearly all events have, understood in one pass.

An object event or a transformation with a name, a place, words of the vocabulary and lots that are lots says what it
says in a few fields, whose canonical text, meaning and sense follow field by field. Whatever is unusual about an event
makes it not plain, and it goes the long way (`canonical`, `meaning`, `sense`), which alone refuses and doubts. Both
give the same event and the same bytes; tests hold them against each other.

What times, places, parties and words mean is remembered: firms say the same few thousand things all year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias

from ytterby.custody.epcis.canonical import MASTER_DATA, Prefixes, extend, instant, moment, number, packed
from ytterby.custody.epcis.contexts import prefixes_of
from ytterby.custody.epcis.details import Details, details_of, tells
from ytterby.custody.epcis.identifiers import of_known
from ytterby.custody.epcis.made import Understood
from ytterby.custody.epcis.meaning import measured, minutes
from ytterby.custody.epcis.sense import Seen, balanced
from ytterby.custody.epcis.sense.identity import BIRTHS, DEATHS, MOVES, undeclared
from ytterby.custody.epcis.sense.mass import even
from ytterby.custody.epcis.sense.quantity import ABSURD
from ytterby.custody.epcis.sense.times import EARLIEST, SKEW
from ytterby.custody.epcis.vocabulary import bare
from ytterby.custody.event import WHOLE, Event, Kind, Piece, Role
from ytterby.custody.making import quickly

_event, _piece, _made = quickly(Event), quickly(Piece), quickly(Understood)
_KINDS: dict[str, Kind] = {"ObjectEvent": "object", "TransformationEvent": "transformation"}
_FIELDS = frozenset(
    ("@context", "type", "eventID", "eventTime", "eventTimeZoneOffset", "recordTime", "action", "bizStep",
     "disposition", "readPoint", "bizLocation", "bizTransactionList", "sourceList", "destinationList", "epcList",
     "quantityList", "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID",
     "ilmd")
)  # fmt: skip
_ACTIONS = dict.fromkeys(BIRTHS, "ADD") | dict.fromkeys(DEATHS, "DELETE")
_FEW = 1_000_000
"""Counts above this go the long way."""
_SHORT, _LONG = 1e-3, 1e15
"""Between these a float is written alike by Python and in canonical form: without an exponent."""
_NOT_OF_LOTS, _NOT_OF_OTHERS = frozenset(("class", "instance")), frozenset(("class", "lot"))


class _Unusual(Exception):
    """The event is not plain."""


class _Word(NamedTuple):
    """A word, a place or a moment."""

    means: str
    text: str
    """The field in canonical form, with the comma after it."""


Doubts: TypeAlias = list[tuple[str, str]]

_NOTHING = _Word("", "")
_NOBODY: tuple[tuple[tuple[str, str], ...], str] = ((), "")
_DEAL, _GIVER, _TAKER = (
    ("bizTransactionList", "bizTransaction"),
    ("sourceList", "source"),
    ("destinationList", "destination"),
)
_DONE = {"": "", **{action: f'"action":"{action}",' for action in ("ADD", "OBSERVE", "DELETE")}}
_LISTS: tuple[tuple[str, str, Role], ...] = (
    ("inputEPCList", "inputQuantityList", "input"), ("outputEPCList", "outputQuantityList", "output"),
)  # fmt: skip


def plain(raw: Mapping[str, Any], context: Prefixes, now: int, strict: frozenset[str]) -> Understood | None:
    """An event that met the schema, understood; None where it is not plain.

    Args:
        raw: the event as EPCIS 2.0 JSON has it.
        context: prefix -> namespace of the document around it.
        now: microseconds since 1970 that count as now.
        strict: names of checks whose doubts refuse.
    """
    kind, name = _KINDS.get(raw["type"]), raw.get("eventID", "ni:")
    if kind is None or name[:3] == "ni:":
        return None
    try:
        if "@context" in raw:
            context = context | prefixes_of(raw["@context"])
        return _understood(raw, kind, name, context, now, strict)
    except (_Unusual, ValueError):  # Flaw is one
        return None


def _understood(
    raw: Mapping[str, Any], kind: Kind, name: str, context: Prefixes, now: int, strict: frozenset[str]
) -> Understood:
    east, action, whole = raw["eventTimeZoneOffset"], raw.get("action", ""), raw.get("transformationID", "")
    time, when = _time(raw, east, now)
    step = _word("bizStep", raw["bizStep"]) if "bizStep" in raw else _NOTHING
    disposition = _word("disposition", raw["disposition"]) if "disposition" in raw else _NOTHING
    location = _place("bizLocation", raw["bizLocation"]) if "bizLocation" in raw else _NOTHING
    read_point = _place("readPoint", raw["readPoint"]) if "readPoint" in raw else _NOTHING
    if action and action != _ACTIONS.get(step.means, action):
        raise _Unusual
    if location is read_point and step.means in MOVES:
        raise _Unusual
    told, master, more = None, "", b"}"
    if "ilmd" in raw or not _FIELDS.issuperset(raw):
        told, master, more = _extension(raw, context, action)
    pieces: list[Piece] = []
    doubts: Doubts = []
    first = _instances(raw["epcList"], "epcList", "what", told, pieces) if "epcList" in raw else ""
    last = _amounts(raw["quantityList"], "quantityList", "what", told, pieces, doubts) if "quantityList" in raw else ""
    turned = _turned(raw, told, pieces, doubts) if kind == "transformation" else ""
    if len(pieces) > 1 and len({(piece.role, piece.lot) for piece in pieces}) != len(pieces):
        raise _Unusual
    transactions, deals = _parties(raw["bizTransactionList"], _DEAL) if "bizTransactionList" in raw else _NOBODY
    sources, givers = _parties(raw["sourceList"], _GIVER) if "sourceList" in raw else _NOBODY
    destinations, takers = _parties(raw["destinationList"], _TAKER) if "destinationList" in raw else _NOBODY
    said = (
        name, kind, time, minutes(east), tuple(pieces), action, step.means, disposition.means, read_point.means,
        location.means, whole, sources, destinations, transactions,
    )  # fmt: skip
    if told is not None:
        event = _event(*said, doubts=tuple(doubts), **told.of_event())
        told.all_used()
    else:
        event = _event(*said, doubts=tuple(doubts)) if doubts else _event(*said)
    if kind == "transformation" and not even(event):
        event = balanced(Seen(event, raw, raw, now), strict)
    whole = f'"transformationID":"{whole}",' if whole else ""
    content = (
        f"{{{_DONE[action]}{location.text}{step.text}{deals}{takers}{disposition.text}{first}"
        f'"eventID":"{name}","eventTime":"{when}Z","eventTimeZoneOffset":"{east}",{master}{turned}{last}'
        f'{read_point.text}{givers}{whole}"type":"{raw["type"]}"'
    ).encode("ascii") + more
    return _made(event, content, sha256(content).digest(), tuple(context.spaces.items()))


def _extension(raw: Mapping[str, Any], context: Prefixes, action: str) -> tuple[Details | None, str, bytes]:
    """What is told beyond the standard: its details, the text of the master data, and that of the end of the event."""
    form: dict[str, Any] = {}
    for key in raw.keys() - _FIELDS:
        if ":" not in key:
            raise _Unusual
        extend(form, key, raw[key], context)
    if any(undeclared(key) for key in form):
        raise _Unusual
    more = b"," + packed(form)[1:] if form else b"}"
    master = MASTER_DATA(raw["ilmd"], context) if "ilmd" in raw else None
    if master is None:
        return (details_of(form) if tells(form) else None), "", more
    if action not in ("", "ADD"):
        raise _Unusual
    text = packed(master)
    if not text.isascii():
        raise _Unusual
    form["ilmd"] = master
    return (details_of(form) if tells(form) else None), f'"ilmd":{text.decode()},', more


def _time(raw: Mapping[str, Any], east: str, now: int) -> tuple[int, str]:
    """(microseconds since 1970, canonical text without the Z) of the time of an event."""
    written = raw["eventTime"]
    zone, end = ("Z", -1) if written[-1] == "Z" else (written[-6:], -6)
    if zone != east and zone != "Z":
        raise _Unusual
    try:
        if zone == "Z" or zone[4:] == "00":
            # an hour comes again oftener than a minute, and whole hours of offset leave minutes as they are
            start, hour = _hour(written[:14], zone)
            rest, inside = _inside(written[14:end])
            time, text = start + rest, hour + inside
        else:
            time = instant(written)
            text = moment(time)[:-1]
        early = time - instant(raw["recordTime"]) if "recordTime" in raw else 0
    except (ValueError, OverflowError):
        raise _Unusual from None
    if early > SKEW or not EARLIEST <= time <= now + SKEW:
        raise _Unusual
    return time, text


@lru_cache(maxsize=16384)
def _hour(text: str, zone: str) -> tuple[int, str]:
    """A time up to the colon before its minutes: (microseconds since 1970, the same of UTC)."""
    start = instant(f"{text}00:00{zone}")
    return start, moment(start)[:14]


@lru_cache(maxsize=16384)
def _inside(text: str) -> tuple[int, str]:
    """Minutes and seconds of a time: (microseconds, canonical text)."""
    whole, _, rest = text.partition(".")
    if len(rest) > 6:
        raise _Unusual
    rest = rest.rstrip("0")
    time = (60 * int(whole[:2]) + int(whole[3:])) * 1_000_000 + int(rest.ljust(6, "0"))
    return time, f"{whole}.{rest}" if rest else whole


@lru_cache(maxsize=1024)
def _word(field: str, word: str) -> _Word:
    """A business step or a disposition."""
    made = bare(word)
    if ":" in made:
        raise _Unusual
    return _Word(made, f'"{field}":"{made}",')


def _place(field: str, told: Mapping[str, str]) -> _Word:
    if len(told) != 1:
        raise _Unusual
    return _placed(field, told["id"])


@lru_cache(maxsize=16384)
def _placed(field: str, uri: str) -> _Word:
    return _Word(_other(uri), f'"{field}":{{"id":"{uri}"}},')


def _other(uri: str) -> str:
    """The address of what is neither a lot nor a class."""
    address, level = of_known(uri)
    if level in _NOT_OF_OTHERS:
        raise _Unusual
    return address


def _parties(rows: Sequence[Mapping[str, str]], which: tuple[str, str]) -> tuple[tuple[tuple[str, str], ...], str]:
    """Sources, destinations or business transactions: ((type, address), ...) and the field's canonical text."""
    # parties come again and again, orders and invoices do not
    made = _dealt if which is _DEAL else _party
    if len(rows) == 1:
        one = rows[0]
        return made(which, one.get("type", ""), one[which[1]])
    field, part = which
    every = [made(which, *one) for one in sorted((_kind(one.get("type", "")), one[part]) for one in rows)]
    listed = ",".join([text[len(field) + 4 : -2] for _, text in every])
    return tuple([means for (means,), _ in every]), f'"{field}":[{listed}],' if every else ""


def _dealt(which: tuple[str, str], kind: str, uri: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """What `_parties` makes of one."""
    field, part = which
    kind = _kind(kind)
    typed = f',"type":"{kind}"' if kind else ""
    return ((kind, _other(uri)),), f'"{field}":[{{"{part}":"{uri}"{typed}}}],'


_party = lru_cache(maxsize=16384)(_dealt)


@lru_cache(maxsize=256)
def _kind(word: str) -> str:
    """What kind of party or of business transaction it is."""
    made = bare(word)
    if ":" in made:
        raise _Unusual
    return made


def _turned(raw: Mapping[str, Any], told: Details | None, pieces: list[Piece], doubts: Doubts) -> str:
    """The text of what goes into a transformation and of what comes out."""
    made = ""
    for instances, amounts, role in _LISTS:
        if instances in raw:
            made += _instances(raw[instances], instances, role, told, pieces)
        if amounts in raw:
            made += _amounts(raw[amounts], amounts, role, told, pieces, doubts)
    return made


def _instances(uris: Sequence[str], field: str, role: Role, told: Details | None, pieces: list[Piece]) -> str:
    ordered = sorted(uris)
    for uri in ordered:
        pieces.append(_weighed(told, _other(uri), role, None, 1))
    listed = '","'.join(ordered)
    return f'"{field}":["{listed}"],' if ordered else ""


def _amounts(
    rows: Sequence[Mapping[str, Any]], field: str, role: Role, told: Details | None, pieces: list[Piece], doubts: Doubts
) -> str:
    if len(rows) > 1 and not (len(rows) == 2 and rows[0]["epcClass"] < rows[1]["epcClass"]):
        rows = sorted(rows, key=lambda one: (one["epcClass"], one.get("quantity", -1), one.get("uom", "")))
    texts = []
    for one in rows:
        piece, text = _row(one["epcClass"], one.get("quantity"), one.get("uom"), role, doubts)
        texts.append(text)
        pieces.append(piece if told is None else _weighed(told, piece.lot, role, piece.mass, piece.count))
    return f'"{field}":[{",".join(texts)}],' if texts else ""


def _row(uri: str, quantity: float | None, unit: str | None, role: Role, doubts: Doubts) -> tuple[Piece, str]:
    """A quantity of a lot: the piece, and its canonical text."""
    lot, level = of_known(uri)
    if level in _NOT_OF_LOTS:
        raise _Unusual
    mass, count, text = None, None, ""
    if quantity is not None:
        quantity = number(quantity)
        if type(quantity) is float and not _SHORT <= quantity < _LONG:
            raise _Unusual
        mass, count = measured(quantity, unit, uri, doubts)
        if count is not None and (type(count) is not int or not 0 <= count <= _FEW):
            raise _Unusual
        if mass is not None and not 0 <= mass <= ABSURD:
            raise _Unusual
        text = f',"quantity":{quantity!r}'
    return _piece(lot, role, mass, count), f'{{"epcClass":"{uri}"{text}{_unit(unit)}}}'


@lru_cache(maxsize=256)
def _unit(unit: str | None) -> str:
    return "" if unit is None else f',"uom":"{unit}"'


def _weighed(told: Details | None, lot: str, role: Role, mass: int | None, count: float | None) -> Piece:
    """A piece with what is told of it."""
    made = _piece(lot, role, mass, count) if told is None else told.piece(lot, role, mass, count)
    if made.mass is not None and not 0 <= made.mass <= ABSURD:
        raise _Unusual
    if made.assays and sum([assay.ppb for assay in made.assays]) > WHOLE:
        raise _Unusual
    return made
