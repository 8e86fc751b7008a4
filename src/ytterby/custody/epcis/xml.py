"""Home to reading events out of XML: documents and query documents of EPCIS 1.2 and 2.0, as the JSON they would be.

Nothing is fetched, no DTD is loaded, no entity is expanded; a document that declares entities is refused. Elements of
other namespaces are kept whole: text, members, attributes (as members ``@name``) and text beside them (``#text``).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from lxml import etree

from ytterby.custody.epcis.made import Flaw
from ytterby.custody.epcis.schema import KINDS
from ytterby.custody.epcis.xmlnames import Spaces, plain
from ytterby.terms.errors import shown

Element: TypeAlias = Any
Told: TypeAlias = tuple[dict[str, Any], Mapping[str, str], Flaw | None]

PACKED = "json:"
"""What begins an attribute that holds more than text: extensions of sensor reports are attributes in XML."""
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_OWN = re.compile(r"\{urn:epcglobal:epcis(?:-query)?:xsd:[12]\}")
_ROOTS = ("EPCISDocument", "EPCISQueryDocument")
_NUMBERS = frozenset(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"))
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,3})?")


def events(content: bytes) -> Iterator[Told]:
    """Events of a document: as JSON, the prefixes they use, and what is wrong where one could not be read.

    Raises:
        Flaw: it is no XML, no EPCIS document, or declares entities.
    """
    if b"<!ENTITY" in content:
        raise Flaw("xml", "it declares entities")
    spaces = Spaces()
    walk = etree.iterparse(
        io.BytesIO(content), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    root = None
    try:
        for what, element in walk:
            if root is None:
                root = element
                if _local(element) not in _ROOTS:
                    raise Flaw("xml", f"the document is {shown(_local(element))}, not one of {', '.join(_ROOTS)}")
            if what == "end" and _is_event(element):
                yield _event(element, spaces)
                _forget(element)
    except etree.XMLSyntaxError as error:
        raise Flaw("xml", shown(str(error), 200)) from None


def _is_event(element: Element) -> bool:
    above = element.getparent()
    if above is None:
        return False
    name = _local(above)
    if name == "extension" and _local(element) in KINDS:
        # 1.2 packs new kinds of event into extension elements, one in another
        while name == "extension":
            above = above.getparent()
            name = _local(above) if above is not None else ""
    return name == "EventList" and _local(element) != "extension"


def _forget(element: Element) -> None:
    above = element.getparent()
    element.clear()
    while element.getprevious() is not None:
        del above[0]


def _local(element: Element) -> str:
    name = element.tag
    return _OWN.sub("", name) if isinstance(name, str) else ""


def _event(element: Element, spaces: Spaces) -> Told:
    made: dict[str, Any] = {"type": _local(element)}
    try:
        _members(element, made, _FIELDS, spaces)
        if made["type"] == "QuantityEvent":
            # dropped in 2.0, which says the same with an object event
            line = {"epcClass": made.pop("epcClass", ""), "quantity": made.pop("quantity", None)}
            made |= {"type": "ObjectEvent", "action": "OBSERVE", "quantityList": [line]}
    except Flaw as flaw:
        return made, spaces.by_prefix, flaw
    except RecursionError:
        return made, spaces.by_prefix, Flaw("depth", "nested too deep")
    return made, spaces.by_prefix, None


Reader: TypeAlias = Callable[[Element, Spaces], Any]


def _members(element: Element, made: dict[str, Any], fields: Mapping[str, Reader], spaces: Spaces) -> None:
    for child in element:
        name = _local(child)
        if not name:
            raise Flaw("xml", "an entity stands in it")
        if name in ("extension", "baseExtension"):
            _members(child, made, fields, spaces)
            continue
        read = fields.get(name)
        value = _extension(child, spaces) if read is None else read(child, spaces)
        key = _key(name, child, spaces) if read is None else name
        if read is None or name == "certificationInfo":
            _add(made, key, value)
        elif key in made:
            raise Flaw("xml", f"{key} is told twice", key)
        elif value is not None:
            made[key] = value
    for name, value in element.attrib.items():
        if not name.startswith(_XSI):
            _add(made, _key(name, element, spaces, at="@"), value)


def _key(name: str, element: Element, spaces: Spaces, at: str = "") -> str:
    if name[:1] != "{":
        return at + plain(name)
    space, _, local = name[1:].partition("}")
    wished = next((prefix for prefix, uri in element.nsmap.items() if uri == space and prefix), None)
    return f"{spaces.prefix(space, wished)}:{at}{plain(local)}"


def _add(made: dict[str, Any], key: str, value: Any) -> None:
    if key not in made:
        made[key] = value
    elif isinstance(made[key], list):
        made[key].append(value)
    else:
        made[key] = [made[key], value]


def _extension(element: Element, spaces: Spaces) -> Any:
    made: dict[str, Any] = {}
    for child in element:
        if not isinstance(child.tag, str):
            raise Flaw("xml", "an entity stands in it")
        _add(made, _key(child.tag, child, spaces), _extension(child, spaces))
    for name, value in element.attrib.items():
        if not name.startswith(_XSI):
            _add(made, _key(name, element, spaces, at="" if name.startswith("_x0040_") else "@"), value)
    text = _text(element, spaces)
    if not made:
        return text
    if text:
        _add(made, "#text", text)
    return made


def _text(element: Element, spaces: Spaces) -> str:
    parts = [element.text or "", *(child.tail or "" for child in element)]
    return "".join(parts).strip()


def _number(text: str) -> int | float | str:
    text = text.strip()
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        read = float(text)
        return read if abs(read) < 1e300 else text
    return text


def _amount(element: Element, spaces: Spaces) -> int | float | str | None:
    text = _text(element, spaces)
    return _number(text) if text else None


def _epcs(element: Element, spaces: Spaces) -> list[str]:
    return [_text(child, spaces) for child in element]


def _quantities(element: Element, spaces: Spaces) -> list[dict[str, Any]]:
    made = []
    for child in element:
        line: dict[str, Any] = {}
        _members(child, line, {"epcClass": _text, "quantity": _amount, "uom": _text}, spaces)
        made.append(line)
    return made


def _typed(key: str) -> Reader:
    def read(element: Element, spaces: Spaces) -> list[dict[str, str]]:
        return [
            {key: _text(child, spaces), **({"type": child.attrib["type"]} if "type" in child.attrib else {})}
            for child in element
        ]

    return read


def _place(element: Element, spaces: Spaces) -> dict[str, Any]:
    made: dict[str, Any] = {}
    _members(element, made, {"id": _text}, spaces)
    return made


def _set(element: Element, spaces: Spaces) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for child in element:
        made.setdefault(_local(child), []).append(_text(child, spaces))
    return made


def _error(element: Element, spaces: Spaces) -> dict[str, Any]:
    made: dict[str, Any] = {}
    _members(element, made, {"declarationTime": _text, "reason": _text, "correctiveEventIDs": _epcs}, spaces)
    return made


def _ilmd(element: Element, spaces: Spaces) -> dict[str, Any]:
    made: dict[str, Any] = {}
    _members(element, made, {}, spaces)
    return made


def _attributes(element: Element, spaces: Spaces) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in element.attrib.items():
        if name.startswith(_XSI):
            continue
        told: Any = value
        if name in _NUMBERS:
            told = _number(value)
        elif name == "booleanValue":
            told = {"true": True, "1": True, "false": False, "0": False}.get(value.strip(), value)
        elif name[:1] == "{" and value.startswith(PACKED):
            told = _unpacked(value)
        made[_key(name, element, spaces)] = told
    return made


def _unpacked(value: str) -> Any:
    try:
        return json.loads(value.removeprefix(PACKED))
    except (ValueError, RecursionError):
        return value


def _sensors(element: Element, spaces: Spaces) -> list[dict[str, Any]]:
    made = []
    for child in element:
        if _local(child) == "extension":
            continue
        reports = [_attributes(one, spaces) for one in child if _local(one) == "sensorReport"]
        told: dict[str, Any] = {"sensorReport": reports} if reports else {}
        for one in child:
            if _local(one) == "sensorMetadata":
                told["sensorMetadata"] = _attributes(one, spaces)
            elif _local(one) != "sensorReport":
                _add(told, _key(_local(one), one, spaces), _extension(one, spaces))
        made.append(told)
    return made


_FIELDS: Mapping[str, Reader] = {
    **dict.fromkeys(
        ("eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "certificationInfo", "action", "bizStep",
         "disposition", "parentID", "transformationID", "epcClass"), _text,
    ),
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _epcs),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _quantities),
    "quantity": _amount,
    "bizTransactionList": _typed("bizTransaction"),
    "sourceList": _typed("source"),
    "destinationList": _typed("destination"),
    "readPoint": _place,
    "bizLocation": _place,
    "persistentDisposition": _set,
    "errorDeclaration": _error,
    "sensorElementList": _sensors,
    "ilmd": _ilmd,
}  # fmt: skip
