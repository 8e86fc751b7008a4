"""Home to our extension of events: assays, masses, materials, losses, licences and where technology came from.

Names stand in the namespace ``https://ytterby.org/epcis/`` (prefix ``ytt``), at the event or in its ``ilmd``; numbers
may be written as numbers or as text. A detail that names a lot holds for that lot; one that names none holds for
everything the event moves, makes or packs. The names are listed in ``docs/custody.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from ytterby.custody.epcis.identifiers import address
from ytterby.custody.epcis.made import Flaw
from ytterby.custody.epcis.quantities import decimal, micrograms, parts_per_billion
from ytterby.custody.epcis.vocabulary import ours
from ytterby.custody.event import WHOLE, Assay, Piece, Role
from ytterby.custody.making import quickly
from ytterby.terms.elements import RECORDS
from ytterby.terms.errors import shown

_piece, _tested = quickly(Piece), quickly(Assay)

ASSAYS, MASSES_TOLD, MATERIALS, LOSSES = ours("assays"), ours("masses"), ours("materials"), ours("losses")
MATERIAL, PROCESS, LICENCES, CUSTOMS = ours("material"), ours("process"), ours("licences"), ours("customs")
END_USER, END_USE, ORIGIN = ours("endUser"), ours("endUse"), ours("technologyOrigin")
VALUE, ADDED, YIELDS = ours("valueUSD"), ours("added"), ours("yields")
LOT, ELEMENT, FRACTION, SIGMA, BASIS = ours("lot"), ours("element"), ours("fraction"), ours("sigma"), ours("basis")
MASS, UNIT = ours("mass"), ours("unit")
_LISTED = (ASSAYS, MASSES_TOLD, MATERIALS, LOSSES, ADDED, YIELDS, LICENCES, CUSTOMS)
NAMES = frozenset((*_LISTED, MATERIAL, PROCESS, END_USER, END_USE, ORIGIN, VALUE))
_OURS = ours("")
_MOVED: tuple[Role, ...] = ("what", "output", "child")


def tells(form: Mapping[str, Any]) -> bool:
    """Whether an event says anything in our extension."""
    for key in form:
        if key[:1] == "{" and key.startswith(_OURS):
            return True
    inner = form.get("ilmd")
    return inner is not None and any(key.startswith(_OURS) for key in inner)


class Details:
    """What one event says in our extension."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = told
        self._assays: dict[str, dict[str, Assay]] = {}
        self._masses: dict[str, int] = {}
        self._materials: dict[str, str] = {"": _text(told, MATERIAL)} if MATERIAL in told else {}
        self._used: set[str] = {""}
        for one in _entries(told, ASSAYS):
            lot, assay = _lot(one), _assay(one)
            rows = self._assays.setdefault(lot, {})
            if assay.element in rows:
                raise Flaw("assay", f"{assay.element} of {lot or 'every lot'} is told twice", "ytt:assays")
            rows[assay.element] = assay
        for one in _entries(told, MASSES_TOLD):
            self._masses[_named(_lot(one), "ytt:masses")] = mass_of(one, "ytt:masses")
        for one in _entries(told, MATERIALS):
            self._materials[_named(_lot(one), "ytt:materials")] = _text(one, MATERIAL)

    def piece(self, lot: str, role: Role, mass: int | None, count: float | None) -> Piece:
        """A piece with what is told of its lot."""
        self._used.add(lot)
        moved = role in _MOVED
        assays = self._assays.get(lot) or (self._assays.get("") if moved else None) or {}
        told = self._masses.get(lot)
        if told is not None and mass is not None and told != mass:
            raise Flaw("quantity", f"{lot} weighs {mass} µg in the list and {told} µg in ytt:masses", "ytt:masses")
        material = self._materials.get(lot) or (self._materials.get("", "") if moved else "")
        return _piece(
            lot, role, told if mass is None else mass, count, material, tuple(assays[e] for e in sorted(assays))
        )

    def all_used(self) -> None:
        """Raise `Flaw` where a detail names a lot that is not in the event."""
        for rows in (self._assays, self._masses, self._materials):
            for lot in rows:
                if lot not in self._used:
                    raise Flaw("detail", f"a detail names {shown(lot)}, which is not in the event", "ytt:lot")

    def of_event(self) -> dict[str, Any]:
        """The fields of `Event` that come from here."""
        told = self._told
        return {_OF_EVENT[key][0]: _OF_EVENT[key][1](told) for key in told if key in _OF_EVENT}


def details_of(form: Mapping[str, Any]) -> Details:
    """What an event says in our extension, at the event and in its master data. Raises `Flaw`."""
    inner = form.get("ilmd", {})
    told = {key: value for key, value in form.items() if key in NAMES}
    for key, value in inner.items():
        if key in NAMES:
            if key in told:
                raise Flaw("detail", f"'{_short(key)}' is told at the event and in its ilmd", _short(key))
            told[key] = value
    for one in _entries(told, YIELDS):
        if not 0 <= _fraction(one, FRACTION, "ytt:yields") <= WHOLE:
            raise Flaw("yield", "a yield is not between 0 and 1", "ytt:yields")
    return Details(told)


def mass_of(one: Mapping[str, Any], path: str) -> int:
    """Micrograms of ``ytt:mass`` in ``ytt:unit`` (kilograms where none is told). Raises `Flaw`."""
    unit = str(one.get(UNIT, "KGM"))
    try:
        mass, _ = micrograms(_scalar(one, MASS, path), unit)
    except (KeyError, ValueError) as error:
        known = error if isinstance(error, ValueError) else f"{shown(unit)} is no unit of mass"
        raise Flaw("quantity", f"{path}: {known}", path) from None
    if mass < 0:
        raise Flaw("quantity", f"{path}: a mass below nothing", path)
    return mass


def _assay(one: Mapping[str, Any]) -> Assay:
    element = str(one.get(ELEMENT, ""))
    if element not in RECORDS:
        raise Flaw("assay", f"'{shown(element)}' is no rare-earth element: write its symbol", "ytt:assays")
    ppb, sigma = _fraction(one, FRACTION, "ytt:assays"), 0
    if SIGMA in one:
        sigma = _fraction(one, SIGMA, "ytt:assays")
    basis = str(one.get(BASIS, "element"))
    if basis == "oxide":
        metal = RECORDS[element].metal_in_oxide
        ppb, sigma = round(ppb * metal), round(sigma * metal)
    elif basis != "element":
        raise Flaw("assay", f"basis '{shown(basis)}' is neither 'element' nor 'oxide'", "ytt:assays")
    if not 0 <= ppb <= WHOLE or not 0 <= sigma <= WHOLE:
        raise Flaw("assay", f"a fraction of {element} is not between 0 and 1", "ytt:assays")
    return _tested(element, ppb, sigma)


def _losses(told: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for one in _entries(told, LOSSES):
        element = str(one.get(ELEMENT, ""))
        if element and element not in RECORDS:
            raise Flaw("loss", f"'{shown(element)}' is no rare-earth element: write its symbol", "ytt:losses")
        yield element, mass_of(one, "ytt:losses")


def _entries(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = told.get(name)
    rows = found if isinstance(found, list) else [] if found is None or found == "" else [found]
    for one in rows:
        if not isinstance(one, dict):
            raise Flaw("detail", f"'{_short(name)}' is a list of objects", _short(name))
    return cast("list[Mapping[str, Any]]", rows)


def _several(told: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = told.get(name, ())
    rows = found if isinstance(found, list | tuple) else [found]
    if not all(isinstance(one, str) for one in rows):
        raise Flaw("detail", f"'{_short(name)}' is a list of texts", _short(name))
    return tuple(one for one in rows if one)


def _text(told: Mapping[str, Any], name: str) -> str:
    found = told.get(name, "")
    if not isinstance(found, str):
        raise Flaw("detail", f"'{_short(name)}' is one text", _short(name))
    return found


def _scalar(one: Mapping[str, Any], name: str, path: str) -> str:
    found = one.get(name)
    if not isinstance(found, str):
        raise Flaw("detail", f"{path}: '{_short(name)}' is missing or no number", path)
    return found


def _fraction(one: Mapping[str, Any], name: str, path: str) -> int:
    try:
        return parts_per_billion(_scalar(one, name, path))
    except ValueError as error:
        if isinstance(error, Flaw):
            raise
        raise Flaw("detail", f"{path}: '{_short(name)}': {error}", path) from None


def _whole(value: Any, scale: int, name: str) -> int:
    try:
        made = decimal(value) * scale if isinstance(value, str) else None
    except ValueError:
        made = None
    if made is None or made < 0:
        raise Flaw("detail", f"'{_short(name)}' is one number of 0 or more", _short(name))
    return round(made)


def _lot(one: Mapping[str, Any]) -> str:
    return address(_text(one, LOT))


def _named(lot: str, path: str) -> str:
    if not lot:
        raise Flaw("detail", f"an entry of {path} names no lot", path)
    return lot


def _short(name: str) -> str:
    return "ytt:" + name.rpartition("}")[2]


_OF_EVENT: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], Any]]] = {
    PROCESS: ("process", lambda told: _text(told, PROCESS)),
    LOSSES: ("losses", lambda told: tuple(_losses(told))),
    LICENCES: ("licences", lambda told: _several(told, LICENCES)),
    CUSTOMS: ("customs", lambda told: _several(told, CUSTOMS)),
    END_USER: ("end_user", lambda told: address(_text(told, END_USER))),
    END_USE: ("end_use", lambda told: _text(told, END_USE)),
    ORIGIN: ("technology_origin", lambda told: _text(told, ORIGIN)),
    VALUE: ("value_usd", lambda told: _whole(told[VALUE], 100, VALUE)),
    ADDED: ("added", lambda told: sum(mass_of(one, "ytt:added") for one in _entries(told, ADDED))),
}
