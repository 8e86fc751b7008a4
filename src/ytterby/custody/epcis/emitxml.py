"""Home to writing events as XML of EPCIS 2.0: elements in the order the standard's schema has them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from lxml import etree

from ytterby.custody.epcis.vocabulary import STANDARD, namespace, told, trimmed
from ytterby.custody.epcis.xml import PACKED
from ytterby.custody.epcis.xmlnames import Spaces, escaped

Element: TypeAlias = Any

_EPCIS = "urn:epcglobal:epcis:xsd:2"
_QUERY = "urn:epcglobal:epcis-query:xsd:2"
_ORDER = (
    "eventTime", "eventTimeZoneOffset", "eventID", "errorDeclaration", "certificationInfo",
    # of a transformation
    "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID",
    # of all others
    "parentID", "epcList", "childEPCs", "action", "bizStep", "disposition", "readPoint", "bizLocation",
    "bizTransactionList", "quantityList", "childQuantityList", "sourceList", "destinationList", "sensorElementList",
    "persistentDisposition", "ilmd",
)  # fmt: skip
_FIRST = {
    "TransactionEvent": ("eventTime", "eventTimeZoneOffset", "eventID", "errorDeclaration", "certificationInfo",
                         "bizTransactionList"),
    "AssociationEvent": ("eventTime", "eventTimeZoneOffset", "eventID", "errorDeclaration", "certificationInfo",
                         "parentID", "childEPCs", "childQuantityList"),
}  # fmt: skip
_URN = {"bizStep": "bizstep", "disposition": "disp", "set": "disp", "unset": "disp", "reason": "er"}
_PAIRS = {"bizTransactionList": ("bizTransaction", "btt"), "sourceList": ("source", "sdt"),
          "destinationList": ("destination", "sdt")}  # fmt: skip
_EPCS = frozenset(("epcList", "childEPCs", "inputEPCList", "outputEPCList"))
_SENSOR = {"type": "gs1:", "exception": "gs1:", "component": "cbv:Comp-"}


def document(forms: Sequence[Mapping[str, Any]], date: str, *, query: str = "", subscription: str = "") -> bytes:
    """A document, or the answer to a query, of canonical forms."""
    spaces = Spaces({"epcis": _EPCIS})
    prefixes = _declared(forms, spaces)
    name, space, prefix = ("EPCISQueryDocument", _QUERY, "epcisq") if query else ("EPCISDocument", _EPCIS, "epcis")
    root = etree.Element(f"{{{space}}}{name}", nsmap={prefix: space, **prefixes})
    root.set("schemaVersion", "2.0")
    root.set("creationDate", date)
    above = etree.SubElement(root, "EPCISBody")
    if query:
        results = etree.SubElement(above, f"{{{_QUERY}}}QueryResults")
        etree.SubElement(results, "queryName").text = query
        if subscription:
            etree.SubElement(results, "subscriptionID").text = subscription
        above = etree.SubElement(results, "resultsBody")
    listed = etree.SubElement(above, "EventList")
    for form in forms:
        event(listed, form)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content


def _declared(forms: Sequence[Mapping[str, Any]], spaces: Spaces) -> dict[str, str]:
    found: set[str] = set()

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key[:1] == "{" and namespace(key)[0]:
                    found.add(namespace(key)[0])
                gather(inner)
        elif isinstance(value, list):
            for inner in value:
                gather(inner)

    for form in forms:
        gather(dict(form))
    for space in sorted(found):
        known = next((prefix for prefix, uri in STANDARD.items() if trimmed(uri) == space), None)
        spaces.prefix(_uri(space), known)
    return {prefix: space for prefix, space in spaces.by_prefix.items() if space != _EPCIS}


def _uri(space: str) -> str:
    # what an undeclared prefix stood for is no URI; it is told as it was
    return told(space) if ":" in space else space


def event(above: Element, form: Mapping[str, Any]) -> Element:
    """One event, as the last child of `above`."""
    made = etree.SubElement(above, form["type"])
    first = _FIRST.get(form["type"], ())
    for name in (*first, *(one for one in _ORDER if one not in first)):
        if name in form:
            _field(made, name, form[name])
    _extend(made, form)
    return made


def _field(above: Element, name: str, value: Any) -> None:
    if name == "certificationInfo":
        for one in value:
            etree.SubElement(above, name).text = one
        return
    made = etree.SubElement(above, name)
    if name in _EPCS:
        for one in value:
            etree.SubElement(made, "epc").text = one
    elif name.lower().endswith("quantitylist"):
        for line in value:
            element = etree.SubElement(made, "quantityElement")
            for key in ("epcClass", "quantity", "uom"):
                if key in line:
                    etree.SubElement(element, key).text = _text(line[key])
    elif name in _PAIRS:
        key, family = _PAIRS[name]
        for one in value:
            element = etree.SubElement(made, key)
            element.text = one[key]
            if "type" in one:
                element.set("type", _word(family, one["type"]))
    elif name == "persistentDisposition":
        for key in ("unset", "set"):
            for one in value.get(key, ()):
                etree.SubElement(made, key).text = _word("disp", one)
    elif name in ("readPoint", "bizLocation"):
        etree.SubElement(made, "id").text = value["id"]
        _extend(made, value)
    elif name == "errorDeclaration":
        _error(made, value)
    elif name == "sensorElementList":
        for one in value:
            _sensor(made, one)
    elif name == "ilmd":
        _extend(made, value)
    else:
        made.text = _word(_URN[name], value) if name in _URN else _text(value)


def _error(made: Element, value: Mapping[str, Any]) -> None:
    etree.SubElement(made, "declarationTime").text = value["declarationTime"]
    if "reason" in value:
        etree.SubElement(made, "reason").text = _word("er", value["reason"])
    if "correctiveEventIDs" in value:
        ids = etree.SubElement(made, "correctiveEventIDs")
        for one in value["correctiveEventIDs"]:
            etree.SubElement(ids, "correctiveEventID").text = one
    _extend(made, value)


def _sensor(above: Element, value: Mapping[str, Any]) -> None:
    made = etree.SubElement(above, "sensorElement")
    for name in ("sensorMetadata", "sensorReport"):
        told_of = value.get(name, [])
        for one in [told_of] if isinstance(told_of, dict) else told_of:
            element = etree.SubElement(made, name)
            for key, inner in one.items():
                if key in _SENSOR and ":" not in inner:
                    inner = _SENSOR[key] + inner
                if isinstance(inner, dict | list) or (isinstance(inner, str) and inner.startswith(PACKED)):
                    inner = PACKED + json.dumps(inner, ensure_ascii=False)
                element.set(_qualified(key), _text(inner))
    _extend(made, value)


def _extend(made: Element, form: Mapping[str, Any], *, inner: bool = False) -> None:
    for key, value in form.items():
        if key[:1] == "{" or inner:
            _extension(made, key, value)


def _extension(above: Element, key: str, value: Any) -> None:
    space, local = namespace(key)
    if key == "#text" and isinstance(value, str):
        above.text = value
        return
    if local[:1] == "@" and len(local) > 1 and isinstance(value, str):
        above.set(f"{{{_uri(space)}}}{escaped(local[1:])}" if space else escaped(local[1:]), value)
        return
    for one in value if isinstance(value, list) else [value]:
        element = etree.SubElement(above, _qualified(key))
        if isinstance(one, dict):
            _extend(element, one, inner=True)
        else:
            element.text = one


def _qualified(key: str) -> str:
    space, local = namespace(key)
    return f"{{{_uri(space)}}}{escaped(local)}" if space else escaped(local or key)


def _word(family: str, word: str) -> str:
    return word if ":" in word else f"urn:epcglobal:cbv:{family}:{word}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
