"""Home to writing events: an event of ours as EPCIS 2.0 JSON, a captured one as it was told, and documents of both.

What was captured is written from its canonical form, so whatever it came as, the form that is read back is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

import orjson

from ytterby.custody.epcis import emitxml
from ytterby.custody.epcis.canonical import moment
from ytterby.custody.epcis.contexts import NONE
from ytterby.custody.epcis.made import Understood
from ytterby.custody.epcis.quantities import micrograms, written
from ytterby.custody.epcis.vocabulary import CONTEXT, STANDARD, YTT, namespace, told, trimmed
from ytterby.custody.epcis.xmlnames import Spaces
from ytterby.custody.event import Event, Piece

Form: TypeAlias = Literal["json", "xml"]
Told: TypeAlias = Event | Understood | bytes | Mapping[str, Any]
"""What can be written: an event of ours, one that was read, its canonical bytes, or its canonical form."""

_TYPES = {
    "object": "ObjectEvent",
    "aggregation": "AggregationEvent",
    "transaction": "TransactionEvent",
    "transformation": "TransformationEvent",
    "association": "AssociationEvent",
}
_EMPTY: Mapping[str, str] = {}


def document(
    events: Iterable[Told],
    form: Form = "json",
    *,
    created: datetime | None = None,
    query: str = "",
    subscription: str = "",
) -> bytes:
    """A document of events.

    Args:
        events: what to write, in this order.
        form: JSON(-LD) or XML, both EPCIS 2.0.
        created: the document's date; now where it is not told.
        query: makes a query document, the answer to the query of this name.
        subscription: whose answer it is.
    """
    date = (created or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    forms = [canonical_of(one) for one in events]
    if form == "xml":
        return emitxml.document(forms, date, query=query, subscription=subscription)
    spaces = Spaces(dict(STANDARD))
    listed = [as_json(one, spaces) for one in forms]
    body: dict[str, Any] = {"eventList": listed}
    if query:
        named = {"queryName": query, **({"subscriptionID": subscription} if subscription else {})}
        body = {"queryResults": {**named, "resultsBody": body}}
    kind = "EPCISQueryDocument" if query else "EPCISDocument"
    head = {"@context": _context(spaces), "type": kind, "schemaVersion": "2.0", "creationDate": date}
    return orjson.dumps({**head, "epcisBody": body}, option=orjson.OPT_INDENT_2)


def bare(event: Told) -> dict[str, Any]:
    """One event with a context of its own, as ``GET /events/{id}`` answers."""
    spaces = Spaces(dict(STANDARD))
    made = as_json(canonical_of(event), spaces)
    return {"@context": _context(spaces), **made}


def canonical_of(event: Told) -> Mapping[str, Any]:
    """The canonical form of whatever can be written."""
    if isinstance(event, Event):
        from ytterby.custody.epcis.canonical import canonical

        return canonical(raw(event), NONE)
    content = event.canonical if isinstance(event, Understood) else event
    form: Mapping[str, Any] = orjson.loads(content) if isinstance(content, bytes) else content
    return form


def as_json(form: Mapping[str, Any], spaces: Spaces) -> dict[str, Any]:
    """A canonical form as EPCIS JSON: names with prefixes of `spaces`, which it fills."""
    return {_name(key, spaces): _json(value, spaces) for key, value in form.items()}


def _name(key: str, spaces: Spaces) -> str:
    if key[:1] != "{":
        return key
    space, local = namespace(key)
    if not space:
        return local
    if ":" not in space:
        return f"{space}:{local}"  # a prefix nobody declared
    known = next((prefix for prefix, uri in STANDARD.items() if trimmed(uri) == space), None)
    return f"{known or spaces.prefix(told(space))}:{local}"


def _json(value: Any, spaces: Spaces) -> Any:
    if isinstance(value, dict):
        return {_name(key, spaces): _json(inner, spaces) for key, inner in value.items()}
    if isinstance(value, list):
        return [_json(inner, spaces) for inner in value]
    return value


def _context(spaces: Spaces) -> list[Any]:
    declared = {prefix: space for prefix, space in spaces.by_prefix.items() if STANDARD.get(prefix) != space}
    return [CONTEXT, {"ytt": YTT, **declared}]


# an event of ours


def raw(event: Event) -> dict[str, Any]:
    """An event of ours as EPCIS 2.0 JSON; what our extension says stands in it under ``ytt:``."""
    made: dict[str, Any] = {
        "@context": [CONTEXT, {"ytt": YTT}],
        "type": _TYPES[event.kind],
        "eventID": event.id,
        "eventTime": moment(event.time),
        "eventTimeZoneOffset": _offset(event.offset),
    }
    single = {
        "action": event.action,
        "bizStep": event.step,
        "disposition": event.disposition,
        "transformationID": event.transformation,
    }
    made |= {name: value for name, value in single.items() if value}
    made |= {
        name: {"id": place}
        for name, place in (("readPoint", event.read_point), ("bizLocation", event.location))
        if place
    }
    made |= _pairs("sourceList", "source", event.sources)
    made |= _pairs("destinationList", "destination", event.destinations)
    made |= _pairs("bizTransactionList", "bizTransaction", event.transactions)
    made |= _lists(event)
    if event.mistake is not None:
        wrong = event.mistake
        made["errorDeclaration"] = {
            "declarationTime": moment(wrong.time),
            **({"reason": wrong.reason} if wrong.reason else {}),
            **({"correctiveEventIDs": list(wrong.corrections)} if wrong.corrections else {}),
        }
    return made | _details(event)


def _offset(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _pairs(name: str, key: str, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    made = [{**({"type": kind} if kind else {}), key: value} for kind, value in pairs]
    return {name: made} if made else {}


def _lists(event: Event) -> dict[str, Any]:
    names = {"what": "quantityList", "child": "childQuantityList"}
    names |= {"input": "inputQuantityList", "output": "outputQuantityList"}
    alone = {"what": "epcList", "child": "childEPCs", "input": "inputEPCList", "output": "outputEPCList"}
    made: dict[str, Any] = {}
    for piece in event.pieces:
        if piece.role == "parent":
            made["parentID"] = piece.lot
        elif piece.count == 1:
            made.setdefault(alone[piece.role], []).append(piece.lot)
        else:
            made.setdefault(names[piece.role], []).append(_quantity(piece))
    if event.kind == "object" and "epcList" not in made and "quantityList" not in made:
        made["epcList"] = []
    return made


def _quantity(piece: Piece) -> dict[str, Any]:
    made: dict[str, Any] = {"epcClass": piece.lot}
    if piece.mass is not None:
        made |= weighed(piece.mass)
    elif piece.count is not None:
        made["quantity"] = int(piece.count) if piece.count == int(piece.count) else piece.count
    return made


def weighed(mass: int) -> dict[str, Any]:
    """``quantity`` and ``uom`` that are exactly so many micrograms: kilograms where a JSON number can say it."""
    whole, rest = divmod(mass, 1_000_000_000)
    if not rest:
        return {"quantity": whole, "uom": "KGM"}
    kilograms = mass / 1_000_000_000
    if micrograms(kilograms, "KGM") == (mass, True):
        return {"quantity": kilograms, "uom": "KGM"}
    return {"quantity": mass, "uom": "MC"}


def _details(event: Event) -> dict[str, Any]:
    assays = [
        {
            "ytt:lot": piece.lot,
            "ytt:element": assay.element,
            "ytt:fraction": written(assay.ppb),
            **({"ytt:sigma": written(assay.sigma)} if assay.sigma else {}),
        }
        for piece in event.pieces
        for assay in piece.assays
    ]
    masses = [
        {"ytt:lot": piece.lot, "ytt:mass": written(piece.mass)}
        for piece in event.pieces
        if piece.mass is not None and (piece.count == 1 or piece.role == "parent")
    ]
    materials = {piece.lot: piece.material for piece in event.pieces if piece.material}
    told_of = {
        "ytt:assays": assays,
        "ytt:masses": masses,
        "ytt:materials": [{"ytt:lot": lot, "ytt:material": material} for lot, material in materials.items()],
        "ytt:losses": [
            {**({"ytt:element": element} if element else {}), "ytt:mass": written(mass)}
            for element, mass in event.losses
        ],
        "ytt:added": [{"ytt:mass": written(event.added)}] if event.added else [],
        "ytt:licences": list(event.licences),
        "ytt:customs": list(event.customs),
        "ytt:process": event.process,
        "ytt:endUser": event.end_user,
        "ytt:endUse": event.end_use,
        "ytt:technologyOrigin": event.technology_origin,
        "ytt:valueUSD": "" if event.value_usd is None else written(event.value_usd, 2),
    }
    return {name: value for name, value in told_of.items() if value}
