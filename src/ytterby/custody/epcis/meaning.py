"""Home to what an event means: from its canonical form to the record the ledger, the genealogy and the balances ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ytterby.custody.epcis.canonical import instant
from ytterby.custody.epcis.details import Details, details_of, tells
from ytterby.custody.epcis.identifiers import identifier
from ytterby.custody.epcis.made import Flaw
from ytterby.custody.epcis.quantities import COUNTED, MASSES, micrograms
from ytterby.custody.event import Event, Kind, Mistake, Piece, Role

_KINDS: dict[str, Kind] = {
    "ObjectEvent": "object",
    "AggregationEvent": "aggregation",
    "TransactionEvent": "transaction",
    "TransformationEvent": "transformation",
    "AssociationEvent": "association",
}
_LISTS: dict[Kind, tuple[tuple[str, str, Role], ...]] = {
    "object": (("epcList", "quantityList", "what"),),
    "transaction": (("epcList", "quantityList", "what"),),
    "aggregation": (("childEPCs", "childQuantityList", "child"),),
    "association": (("childEPCs", "childQuantityList", "child"),),
    "transformation": (
        ("inputEPCList", "inputQuantityList", "input"),
        ("outputEPCList", "outputQuantityList", "output"),
    ),
}


@lru_cache(maxsize=256)
def minutes(offset: str) -> int:
    """Minutes east of UTC of ``+08:00``."""
    size = int(offset[1:3]) * 60 + int(offset[4:6])
    return -size if offset[0] == "-" else size


def meaning(form: Mapping[str, Any], name: str) -> Event:
    """The event of a canonical form, under a name.

    Raises:
        Flaw: a quantity that is none, or a detail of our extension that cannot be.
    """
    kind = _KINDS[form["type"]]
    doubts: list[tuple[str, str]] = []
    told = details_of(form) if tells(form) else None
    pieces = list(_pieces(form, kind, told, doubts))
    if told is not None:
        told.all_used()
    read_point, location = form.get("readPoint"), form.get("bizLocation")
    wrong = form.get("errorDeclaration")
    return Event(
        id=name,
        kind=kind,
        time=instant(form["eventTime"]),
        offset=minutes(form["eventTimeZoneOffset"]),
        pieces=tuple(pieces),
        action=form.get("action", ""),
        step=form.get("bizStep", ""),
        disposition=form.get("disposition", ""),
        read_point=identifier(read_point["id"]).address if read_point else "",
        location=identifier(location["id"]).address if location else "",
        transformation=form.get("transformationID", ""),
        sources=_parties(form["sourceList"], "source") if "sourceList" in form else (),
        destinations=_parties(form["destinationList"], "destination") if "destinationList" in form else (),
        transactions=_parties(form["bizTransactionList"], "bizTransaction") if "bizTransactionList" in form else (),
        mistake=None if wrong is None else _mistake(wrong),
        doubts=tuple(doubts),
        **(told.of_event() if told is not None else {}),
    )


def _mistake(wrong: Mapping[str, Any]) -> Mistake:
    return Mistake(
        instant(wrong["declarationTime"]), wrong.get("reason", ""), tuple(wrong.get("correctiveEventIDs", ()))
    )


def _parties(rows: Sequence[Mapping[str, str]], key: str) -> tuple[tuple[str, str], ...]:
    return tuple([(one.get("type", ""), identifier(one[key]).address) for one in rows])


def _pieces(
    form: Mapping[str, Any], kind: Kind, told: Details | None, doubts: list[tuple[str, str]]
) -> Iterator[Piece]:
    if "parentID" in form:
        lot = identifier(form["parentID"]).address
        yield Piece(lot, "parent") if told is None else told.piece(lot, "parent", None, None)
    for instances, quantities, role in _LISTS[kind]:
        for uri in form.get(instances, ()):
            lot = identifier(uri).address
            yield Piece(lot, role, None, 1) if told is None else told.piece(lot, role, None, 1)
        for one in form.get(quantities, ()):
            lot = identifier(one["epcClass"]).address
            mass, count = measured(one.get("quantity"), one.get("uom"), one["epcClass"], doubts)
            yield Piece(lot, role, mass, count) if told is None else told.piece(lot, role, mass, count)


def measured(
    quantity: float | None, unit: str | None, uri: str, doubts: list[tuple[str, str]]
) -> tuple[int | None, float | None]:
    """(micrograms, pieces) of a quantity of a lot as written in canonical form; adds to the doubts there are.

    Raises:
        Flaw: it is no quantity.
    """
    if quantity is None:
        return None, None
    if unit is None or unit in COUNTED:
        return None, quantity
    if unit not in MASSES:
        doubts.append(("unit", f"{unit} is no unit of mass we know: {quantity} {unit} of {uri} weigh nothing"))
        return None, None
    try:
        mass, exact = micrograms(quantity, unit)
    except ValueError as error:
        raise Flaw("quantity", f"{quantity} {unit} of {uri}: {error}") from None
    if not exact and unit not in ("ONZ", "APZ", "GRN", "LBR"):
        doubts.append(("fine", f"{quantity} {unit} of {uri} is finer than a microgram: rounded"))
    return mass, None
