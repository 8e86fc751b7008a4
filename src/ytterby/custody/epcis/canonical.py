"""Home to the canonical form of an event: one form for what JSON, JSON-LD with any context and XML say alike.

Words of the vocabularies are bare, names outside the standard ``{namespace}name``, times UTC to the microsecond, whole
numbers without a point, unordered lists sorted, empty lists left out. What a repository adds when it captures
(``recordTime``) is not part of what was said. Values of extensions are text, as they are in XML; a list of one is its
member, and lists of extensions keep their order. Identifiers and units stay as written: they can be told again exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import orjson

from ytterby.custody.epcis.contexts import Context
from ytterby.custody.epcis.made import Flaw
from ytterby.custody.epcis.vocabulary import bare, told, trimmed

Json: TypeAlias = Any
Prefixes: TypeAlias = Context

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
DEEPEST = 32
"""Levels an extension may be nested."""
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def instant(text: str) -> int:
    """Microseconds since 1970-01-01 UTC of an ISO time with its offset. Raises `ValueError` for a day that is none."""
    return (datetime.fromisoformat(text) - EPOCH) // _MICROSECOND


def moment(microseconds: int) -> str:
    """The instant as canonical text.

    >>> moment(instant("2026-01-01T08:00:00.50+08:00"))
    '2026-01-01T00:00:00.5Z'
    """
    made = (EPOCH + timedelta(microseconds=microseconds)).isoformat()[:-6]
    return (made.rstrip("0") if "." in made else made) + "Z"


def canonical(raw: Mapping[str, Json], prefixes: Prefixes) -> dict[str, Json]:
    """The canonical form of an event that met the schema, as plain data.

    Raises:
        Flaw: a time that is none, nesting too deep, two names that are one.
    """
    form: dict[str, Json] = {}
    for key, value in raw.items():
        make = _FIELDS.get(key)
        if make is _text:
            form[key] = value
        elif make is not None:
            made = make(value, prefixes)
            if made is not None:
                form[key] = made
        elif ":" in key:
            extend(form, key, value, prefixes)
    if "id" in form:
        if "eventID" in form:
            raise Flaw("schema", "the event has both 'id' and 'eventID'", "id")
        form["eventID"] = form.pop("id")
    return form


def packed(form: Mapping[str, Json]) -> bytes:
    """The bytes of a canonical form: JSON, keys sorted, UTF-8. Raises `Flaw` for signs XML cannot carry."""
    content = orjson.dumps(form, option=orjson.OPT_SORT_KEYS)
    if b"\\" in content or not content.isascii():
        _refuse_controls(form)
    return content


def _refuse_controls(value: Json) -> None:
    if isinstance(value, str):
        if not value.isprintable() and (found := _UNFIT.search(value)):
            raise Flaw("text", f"a sign that no XML document may hold: U+{ord(found.group()):04X}")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _refuse_controls(key)
            _refuse_controls(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_controls(inner)


def extend(form: dict[str, Json], key: str, value: Json, prefixes: Prefixes, depth: int = 0) -> None:
    """Put an extension into a canonical form. Raises `Flaw` where it is told twice, or nested too deep."""
    name = prefixes.name(key)
    if name in form:
        raise Flaw("names", f"'{key}' is told twice under two names", key)
    made = extension(value, prefixes, depth + 1)
    if made is not None:
        form[name] = made


def extension(value: Json, prefixes: Prefixes, depth: int = 0) -> Json:
    """The value of an extension in canonical form; None where it says nothing."""
    if type(value) is str:
        return value.strip()
    if type(value) is float or type(value) is int:
        return str(number(value))
    if value is None:
        return None
    if depth > DEEPEST:
        raise Flaw("depth", f"an extension is nested more than {DEEPEST} levels deep")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        form: dict[str, Json] = {}
        for key, inner in value.items():
            extend(form, key, inner, prefixes, depth)
        if form.get("#text") == "":
            del form["#text"]
        if len(form) == 1 and isinstance(form.get("#text"), str):
            return form["#text"]
        return form or ""
    flat: list[Json] = []
    for inner in value:
        made = extension(inner, prefixes, depth + 1)
        if type(made) is list:
            flat += made
        elif made is not None:
            flat.append(made)
    return None if not flat else flat[0] if len(flat) == 1 else flat


def number(value: float) -> float:
    """A number without a point where it is whole."""
    return int(value) if type(value) is float and value.is_integer() and abs(value) < 1e15 else value


def _text(value: str, prefixes: Prefixes) -> str:
    return value.strip()


def _word(value: str, prefixes: Prefixes) -> str:
    made = bare(value)
    if ":" in made and not made.startswith(("http", "urn:")):
        prefix, _, local = made.partition(":")
        if prefix in prefixes.spaces and not local.startswith("//"):
            return told(trimmed(prefixes.spaces[prefix])) + local
    return made


def _words(value: Sequence[str], prefixes: Prefixes) -> list[str]:
    return sorted({_word(one, prefixes) for one in value})


def _time(value: str, prefixes: Prefixes) -> str:
    try:
        made = datetime.fromisoformat(value)
        if value[-1] == "Z" and ("." not in value or (value[-2] != "0" and len(value) <= 27)):
            return value
        return moment((made - EPOCH) // _MICROSECOND)
    except (ValueError, OverflowError):
        raise Flaw("time", f"'{value}' is no time") from None


def _number(value: float, prefixes: Prefixes) -> float:
    return number(value)


def _listed(value: Sequence[str], prefixes: Prefixes) -> list[str] | None:
    return sorted(value) or None


def _certificates(value: str | Sequence[str], prefixes: Prefixes) -> list[str] | None:
    return [value] if isinstance(value, str) else sorted(value) or None


def _left_out(value: Json, prefixes: Prefixes) -> None:
    return None


def _fields(of: Mapping[str, Callable[[Any, Prefixes], Json]]) -> Callable[[Mapping[str, Json], Prefixes], Json]:
    """What makes the canonical form of an object that has these fields and may have extensions."""

    def made(value: Mapping[str, Json], prefixes: Prefixes) -> Json:
        form: dict[str, Json] = {}
        for key, inner in value.items():
            make = of.get(key)
            if make is None:
                extend(form, key, inner, prefixes)
            elif (one := make(inner, prefixes)) is not None:
                form[key] = one
        return form or None

    return made


def _sorted(of: Callable[[Any, Prefixes], Json]) -> Callable[[Sequence[Json], Prefixes], list[Json] | None]:
    """What makes the canonical form of an unordered list."""

    def made(value: Sequence[Json], prefixes: Prefixes) -> list[Json] | None:
        forms = [of(one, prefixes) for one in value]
        if len(forms) > 1:
            forms.sort(key=_sort_key)
        return forms or None

    return made


def _sort_key(form: Json) -> bytes:
    return orjson.dumps(form, option=orjson.OPT_SORT_KEYS)


def _line(one: Mapping[str, Json]) -> dict[str, Json]:
    made = {"epcClass": one["epcClass"]}
    if "quantity" in one:
        made["quantity"] = number(one["quantity"])
    if "uom" in one:
        made["uom"] = one["uom"]
    return made


def _quantities(value: Sequence[Mapping[str, Json]], prefixes: Prefixes) -> list[Json] | None:
    made = [_line(one) for one in value]
    if len(made) > 1:
        made.sort(key=lambda one: (one["epcClass"], one.get("quantity", -1), one.get("uom", "")))
    return made or None


def _typed(part: str) -> Callable[[Sequence[Mapping[str, str]], Prefixes], list[Json] | None]:
    """What makes the canonical form of a list of things that each have a type."""

    def made(value: Sequence[Mapping[str, str]], prefixes: Prefixes) -> list[Json] | None:
        forms: list[Json] = []
        for one in value:
            form = {part: one[part]}
            if "type" in one:
                form["type"] = _word(one["type"], prefixes)
            forms.append(form)
        if len(forms) > 1:
            forms.sort(key=lambda form: (form.get("type", ""), form[part]))
        return forms or None

    return made


_PLACE = _fields({"id": _text})
MASTER_DATA = _fields({})
"""The canonical form of what is told of new things (``ilmd``); None where nothing is."""
_METADATA = {
    "time": _time, "startTime": _time, "endTime": _time, "deviceID": _text, "deviceMetadata": _text, "rawData": _text,
    "dataProcessingMethod": _text, "bizRules": _text,
}  # fmt: skip
_REPORT: dict[str, Callable[[Any, Prefixes], Json]] = {
    "type": _word, "exception": _word, "time": _time, "component": _word, "stringValue": _text,
    "booleanValue": lambda value, prefixes: value,
    **dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), _number),
    **dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), _text),
    **dict.fromkeys(("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue", "uom"), _text),
    "hexBinaryValue": lambda value, prefixes: value.upper(),
}  # fmt: skip
_FIELDS: dict[str, Callable[[Any, Prefixes], Json]] = {
    "@context": _left_out,
    "recordTime": _left_out,
    **dict.fromkeys(("type", "eventID", "id", "eventTimeZoneOffset", "action", "parentID", "transformationID"), _text),
    "eventTime": _time,
    **dict.fromkeys(("bizStep", "disposition"), _word),
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _listed),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _quantities),
    **dict.fromkeys(("readPoint", "bizLocation"), _PLACE),
    "bizTransactionList": _typed("bizTransaction"),
    "sourceList": _typed("source"),
    "destinationList": _typed("destination"),
    "persistentDisposition": _fields({"set": _words, "unset": _words}),
    "certificationInfo": _certificates,
    "errorDeclaration": _fields({"declarationTime": _time, "reason": _word, "correctiveEventIDs": _listed}),
    "ilmd": MASTER_DATA,
    "sensorElementList": _sorted(
        _fields(
            {
                "type": _left_out,
                "sensorMetadata": _fields({**_METADATA}),
                "sensorReport": _sorted(_fields(_REPORT)),
            }
        )
    ),
}
