"""Home to the attributes of places and parties that a question may ask for: what the registry says of them.

Names are those of the Core Business Vocabulary's master data (CBV 2.0, section 9: ``name``, ``countryCode``,
``latitude``, ``longitude``), bare or as addresses, and of our extension where it has none (``ytt:stage``,
``ytt:party``, ``ytt:endUse``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ytterby.custody.epcis.vocabulary import STANDARD, named
from ytterby.custody.registry import Facility, Party, Registry

FIELDS: Mapping[str, str] = {
    "readPoint": "readPoint", "bizLocation": "bizLocation", "source": "sourceList", "destination": "destinationList",
}  # fmt: skip
"""Field that may be asked about to where it stands in an event's canonical form."""
_NONE = frozenset({"bizStep", "disposition", "bizTransaction", "epcClass"})
"""Fields of the standard of whose values no attributes are kept."""
_TYPES = ("owning_party", "possessing_party", "location")
_MASTER = ("{urn:epcglobal:cbv:mda}", "{https://ref.gs1.org/cbv}")
_STAGE, _RUNS, _USE = (named(f"ytt:{name}", STANDARD) for name in ("stage", "party", "endUse"))


def parted(text: str) -> tuple[str, str] | None:
    """(field, attribute) of ``fieldname_attribute``; None where that is no field. The attribute may be left out.

    >>> parted("source_possessing_party_countryCode"), parted("readPoint"), parted("colour_red")
    (('source_possessing_party', 'countryCode'), ('readPoint', ''), None)
    """
    field, _, rest = text.partition("_")
    if field in ("source", "destination"):
        sort = next((one for one in _TYPES if rest == one or rest.startswith(f"{one}_")), "")
        return (f"{field}_{sort}", rest[len(sort) + 1 :]) if sort else (field, rest)
    if field in FIELDS or field in _NONE:
        return field, rest
    # a field of an extension: nothing is known of what it names
    return (field, rest) if any(sign in field for sign in ":/#") else None


def plain(attribute: str) -> str:
    """An attribute's name as it is looked up.

    >>> plain("urn:epcglobal:cbv:mda:countryCode"), plain("countryCode")
    ('countryCode', 'countryCode')
    """
    full = named(attribute, STANDARD)
    return next((full.removeprefix(start) for start in _MASTER if full.startswith(start)), full)


def attributes(registry: Registry, address: str) -> Mapping[str, str]:
    """What the registry says of a place or party, by name of the attribute; empty where it does not know it."""
    site, firm = registry.facility(address), registry.party(address)
    found: dict[str, str] = {}
    for one in (firm, site):
        if one is not None:
            found |= {"name": one.name or one.id, "countryCode": one.place}
    if firm is not None:
        found |= _of_party(firm)
    if site is not None:
        found |= _of_site(site)
    return {name: value for name, value in found.items() if value}


def _of_site(one: Facility) -> dict[str, str]:
    return {
        "latitude": "" if one.lat is None else f"{one.lat:g}",
        "longitude": "" if one.lon is None else f"{one.lon:g}",
        _STAGE: one.stage,
        _RUNS: one.party,
    }


def _of_party(one: Party) -> dict[str, str]:
    return {_USE: one.end_use}


def told(registry: Registry, form: Mapping[str, Any], field: str) -> Sequence[Mapping[str, str]]:
    """The attributes of every value that a field of an event has; `field` may have a type after it
    (``source_possessing_party``).
    """
    name, _, sort = field.partition("_")
    if name not in FIELDS:
        return ()
    value = form.get(FIELDS[name], ())
    if isinstance(value, list):
        names = [one.get(name, "") for one in value if not sort or one.get("type") == sort]
    else:
        names = [value.get("id", "") if isinstance(value, Mapping) else value] if value else []
    return [attributes(registry, one) for one in names]
