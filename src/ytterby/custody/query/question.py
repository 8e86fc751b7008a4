"""Home to questions: the query parameters of EPCIS 2.0, understood.

What the index has (times, type, action, step, disposition, places, transformation, lots, error declarations) narrows
the events down; the rest is judged event by event, as it is written.

Source: GS1 EPCIS 2.0, section 8.2.7 (the predefined query SimpleEventQuery).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from ytterby.custody.epcis.canonical import instant
from ytterby.custody.epcis.identifiers import address
from ytterby.custody.epcis.vocabulary import STANDARD, bare, named
from ytterby.custody.event import ROLES, Role
from ytterby.custody.query import attributes
from ytterby.custody.registry import Registry
from ytterby.terms.errors import BadValue, InputError, UnknownName

Form: TypeAlias = Mapping[str, Any]
"""An event in its canonical form."""
Judge: TypeAlias = Callable[[Form], bool]

TYPES = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")
COLUMNS = {
    "EQ_bizStep": "step", "EQ_disposition": "disposition", "EQ_readPoint": "read_point", "WD_readPoint": "read_point",
    "EQ_bizLocation": "location", "WD_bizLocation": "location",
}  # fmt: skip
"""Parameters that a column of the index answers. No hierarchy of places is kept: nothing stands below another."""

_WHAT: tuple[Role, ...] = ("what", "child")
MATCHES: dict[str, tuple[tuple[Role, ...], tuple[str, ...]]] = {
    "MATCH_epc": (_WHAT, ("epcList", "childEPCs")),
    "MATCH_parentID": (("parent",), ("parentID",)),
    "MATCH_inputEPC": (("input",), ("inputEPCList",)),
    "MATCH_outputEPC": (("output",), ("outputEPCList",)),
    "MATCH_anyEPC": (
        (*_WHAT, "parent", "input", "output"),
        ("epcList", "childEPCs", "parentID", "inputEPCList", "outputEPCList"),
    ),
    "MATCH_epcClass": (_WHAT, ("quantityList", "childQuantityList")),
    "MATCH_inputEPCClass": (("input",), ("inputQuantityList",)),
    "MATCH_outputEPCClass": (("output",), ("outputQuantityList",)),
    "MATCH_anyEPCClass": (
        (*_WHAT, "input", "output"),
        ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"),
    ),
}
"""Parameter -> the roles in which the lot may stand, and the fields that name it."""
ANYWHERE = (*MATCHES["MATCH_anyEPC"][1], *MATCHES["MATCH_anyEPCClass"][1])
"""Every field that names a lot or thing."""
_QUANTITIES = MATCHES["MATCH_anyEPCClass"][1]
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": lambda one, other: bool(one == other),
    "GT": lambda one, other: bool(one > other),
    "GE": lambda one, other: bool(one >= other),
    "LT": lambda one, other: bool(one < other),
    "LE": lambda one, other: bool(one <= other),
}
_SENSED = frozenset({
    "type", "deviceID", "dataProcessingMethod", "microorganism", "chemicalSubstance", "bizRules", "stringValue",
    "hexBinaryValue", "uriValue", "booleanValue", "exception", "component",
})  # fmt: skip
_PLACES: dict[str, Callable[[Form], Any]] = {
    "": lambda form: form,
    "ILMD_": lambda form: form.get("ilmd", {}),
    "ERROR_DECLARATION_": lambda form: form.get("errorDeclaration", {}),
    "readPoint_": lambda form: form.get("readPoint", {}),
    "bizLocation_": lambda form: form.get("bizLocation", {}),
    "SENSORELEMENT_": lambda form: form.get("sensorElementList", []),
    "SENSORMETADATA_": lambda form: [one.get("sensorMetadata", {}) for one in form.get("sensorElementList", ())],
    "SENSORREPORT_": lambda form: [
        part for one in form.get("sensorElementList", ()) for part in one.get("sensorReport", ())
    ],
}
"""Where in an event a field of an extension is looked for, by what stands before its name."""
_OWN = re.compile(
    rf"(EQ|GT|GE|LT|LE|EXISTS)_((?:INNER_)?)((?:{'|'.join(name for name in _PLACES if name)})?)(.+[:#/].+)"
)
"""Fields of extensions: with a prefix, or as an address."""
_MEASURED = re.compile(
    r"(EQ|GT|GE|LT|LE)_(value|minValue|maxValue|meanValue|sDev|percValue|percRank)(?:_([A-Z0-9]{2,4}))?"
)
"""Numbers of sensor reports; all but ranks have a unit after them."""
MOST_VALUES = 500
PAGE, LARGEST_PAGE = 30, 1_000


class TooLarge(InputError):
    """More events answer than were to be."""


class NotOffered(InputError):
    """A parameter of the standard that is not answered here."""


class Match(NamedTuple):
    """Lots of which one has to stand in one of the roles."""

    lots: tuple[str, ...]
    roles: tuple[Role, ...]
    exact: bool
    """Whether all are addresses; among patterns the index cannot look."""


@dataclass(frozen=True)
class Question:
    """What is asked."""

    types: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(column of the index, words of which one has to stand there)."""
    since: int | None = None
    until: int | None = None
    """Microseconds of UTC; the event's time is at or after the one and before the other."""
    recorded_since: int | None = None
    recorded_until: int | None = None
    mistaken_since: int | None = None
    mistaken_until: int | None = None
    mistakes: bool = False
    """Only events that declare an error."""
    ids: tuple[str, ...] = ()
    transformations: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    judges: tuple[Judge, ...] = field(default=(), compare=False)
    order: Literal["", "time", "recorded"] = ""
    descending: bool = False
    limit: int | None = None
    """Only the first so many."""
    most: int | None = None
    """More than so many are too many."""


def question(parameters: Mapping[str, Sequence[str]], lot: str = "", known: Registry | None = None) -> Question:
    """A question from query parameters; values may be given several times, or with ``|`` between them.

    Args:
        parameters: name -> values.
        lot: only events that name this lot or thing, in whatever role.
        known: what is said of places and parties.

    Raises:
        UnknownName: a parameter the standard does not have.
        NotOffered: one that is not answered here.
        BadValue: a value of the wrong kind, or parameters that contradict each other.
    """
    told: dict[str, Any] = {}
    judges: list[Judge] = []
    words: list[tuple[str, tuple[str, ...]]] = []
    matches: list[Match] = []
    if lot:
        matches.append(Match((address(lot),), ROLES, exact=True))
        judges.append(_holds(ANYWHERE, (lot,), patterns=False))
    for name, raw in parameters.items():
        values = _values(name, raw)
        if name in _PLAIN:
            key, make = _PLAIN[name]
            told[key] = make(name, values)
        elif name in COLUMNS:
            spelled = address if COLUMNS[name] in ("read_point", "location") else bare
            words.append((COLUMNS[name], tuple(spelled(value) for value in values)))
        elif name in MATCHES:
            roles, fields = MATCHES[name]
            exact = not any("*" in value for value in values)
            matches.append(Match(tuple(address(value) for value in values), roles, exact))
            judges.append(_holds(fields, values))
        else:
            judges.append(_of_attributes(name, values, known or Registry()) or _judge(name, values))
    if told.get("limit") is not None and told.get("most") is not None:
        remedy = "give eventCountLimit or maxEventCount"
        raise BadValue("the two ways to bound an answer exclude each other", place="maxEventCount", remedy=remedy)
    if told.get("limit") is not None and not told.get("order"):
        told["order"] = "time"
    descending = told.pop("direction", "DESC") == "DESC" and bool(told.get("order"))
    return Question(**told, words=tuple(words), matches=tuple(matches), judges=tuple(judges), descending=descending)


def _values(name: str, raw: Sequence[str]) -> tuple[str, ...]:
    values = tuple(value for one in raw for value in one.split("|"))
    if not values or any(not value for value in values) or len(values) > MOST_VALUES:
        raise BadValue("a parameter without a value, or with too many", place=name[:80], remedy="give it a value")
    return values


# single values


def _one(name: str, values: Sequence[str]) -> str:
    if len(values) != 1:
        raise BadValue(f"{len(values)} values where one is expected", place=name, remedy="give one")
    return values[0]


def _time(name: str, values: Sequence[str]) -> int:
    text = _one(name, values).replace(" ", "+")  # a plus sign in an address means a space
    try:
        made = datetime.datetime.fromisoformat(text)
        if made.tzinfo is None or len(text) < 16:
            raise ValueError
        return instant(text)
    except (ValueError, OverflowError):
        remedy = "write a time with its offset: 2026-01-31T08:00:00Z"
        raise BadValue(f"'{text[:60]}' is no time", place=name, remedy=remedy) from None


def _count(name: str, values: Sequence[str]) -> int:
    text = _one(name, values)
    if not re.fullmatch(r"[0-9]{1,15}", text) or int(text) < 1:
        raise BadValue(f"'{text[:60]}' is no number of events", place=name, remedy="give a whole number from 1")
    return int(text)


def _yes(name: str, values: Sequence[str]) -> bool:
    text = _one(name, values)
    if text not in ("true", "false"):
        raise BadValue(f"'{text[:60]}' is neither true nor false", place=name, remedy="write true or false")
    return text == "true"


def _among(choices: Sequence[str]) -> Callable[[str, Sequence[str]], tuple[str, ...]]:
    def made(name: str, values: Sequence[str]) -> tuple[str, ...]:
        for value in values:
            if value not in choices:
                raise BadValue(f"'{value[:60]}' is not known", place=name, remedy=f"known: {', '.join(choices)}")
        return tuple(values)

    return made


def _order(name: str, values: Sequence[str]) -> str:
    told = {"eventTime": "time", "recordTime": "recorded"}
    text = _one(name, values)
    if text not in told:
        raise NotOffered(f"events are not put in order by '{text[:60]}'", place=name, remedy="eventTime or recordTime")
    return told[text]


def _direction(name: str, values: Sequence[str]) -> str:
    return _among(("ASC", "DESC"))(name, (_one(name, values),))[0]


def _all(name: str, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(values)


_PLAIN: dict[str, tuple[str, Callable[[str, Sequence[str]], Any]]] = {
    "eventType": ("types", _among(TYPES)),
    "EQ_action": ("actions", _among(("ADD", "OBSERVE", "DELETE"))),
    "GE_eventTime": ("since", _time),
    "LT_eventTime": ("until", _time),
    "GE_recordTime": ("recorded_since", _time),
    "LT_recordTime": ("recorded_until", _time),
    "GE_errorDeclarationTime": ("mistaken_since", _time),
    "LT_errorDeclarationTime": ("mistaken_until", _time),
    # as the schema of queries has them
    "GE_errorDeclaration_Time": ("mistaken_since", _time),
    "LT_errorDeclaration_Time": ("mistaken_until", _time),
    "EXISTS_errorDeclaration": ("mistakes", _yes),
    "EQ_eventID": ("ids", _all),
    "EQ_transformationID": ("transformations", _all),
    "orderBy": ("order", _order),
    "orderDirection": ("direction", _direction),
    "eventCountLimit": ("limit", _count),
    "maxEventCount": ("most", _count),
}


# what is judged event by event


def _judge(name: str, values: tuple[str, ...]) -> Judge:
    for make in (_of_lists, _of_sensors, _of_quantity, _of_rest, _of_extensions):
        made = make(name, values)
        if made is not None:
            return made
    if name.startswith(("EXISTS_", "EQ_", "GE_", "GT_", "LE_", "LT_")):
        raise NotOffered(f"'{name[:80]}' is not answered here", place=name[:80], remedy="leave it out")
    raise UnknownName(name, [*_PLAIN, *COLUMNS, *MATCHES], "query parameter", remedy="see the standard, section 8.2.7")


def _of_attributes(name: str, values: tuple[str, ...], known: Registry) -> Judge | None:
    """Events with a place or party that has an attribute (HASATTR), or has one of some values for it (EQATTR)."""
    for start in ("HASATTR_", "EQATTR_", "EQ_ATTR_"):
        if not name.startswith(start):
            continue
        found = attributes.parted(name.removeprefix(start))
        if found is None or bool(found[1]) != (start != "HASATTR_"):
            raise NotOffered(
                f"'{name[:80]}' names no field whose attributes are known",
                place=name[:80],
                remedy=f"write {start}FIELD{'' if start == 'HASATTR_' else '_ATTRIBUTE'}, "
                f"FIELD one of {', '.join(attributes.FIELDS)}",
            )
        field, attribute = found[0], attributes.plain(found[1])
        if start == "HASATTR_":
            wanted = [attributes.plain(value) for value in values]
            return lambda form: any(one in each for each in attributes.told(known, form, field) for one in wanted)
        return lambda form: any(each.get(attribute) in values for each in attributes.told(known, form, field))
    return None


def _of_lists(name: str, values: tuple[str, ...]) -> Judge | None:
    for kind, key in (("bizTransaction", "bizTransaction"), ("source", "source"), ("destination", "destination")):
        if name == f"EQ_{kind}" or name.startswith(f"EQ_{kind}_"):
            sort = bare(name.removeprefix(f"EQ_{kind}").lstrip("_"))
            wanted = {address(value) for value in values}
            return lambda form: any(
                address(one.get(key, "")) in wanted and (not sort or one.get("type") == sort)
                for one in form.get(f"{kind}List", ())
            )
    return None


def _of_sensors(name: str, values: tuple[str, ...]) -> Judge | None:
    key = name.removeprefix("EQ_")
    if name == "EXISTS_sensorElementList":
        wanted_there = _yes(name, values)
        return lambda form: bool(form.get("sensorElementList")) is wanted_there
    measured = _MEASURED.fullmatch(name)
    if measured is not None:
        return _measured(measured[2], measured[3] or "", _COMPARED[measured[1]], _amount(name, values))
    if not name.startswith("EQ_") or key not in _SENSED:
        if name.startswith(("GE_", "LT_")) and name[3:] in ("startTime", "endTime", "time"):
            compare, moment, time_key = _COMPARED[name[:2]], _time(name, values), name[3:]
            return lambda form: any(
                time_key in part and compare(instant(part[time_key]), moment) for part in _sensed(form)
            )
        return None
    wanted: set[Any] = {value == "true" for value in values} if key == "booleanValue" else {bare(v) for v in values}
    return lambda form: any(
        part.get(key) in wanted for part in _sensed(form) if not isinstance(part.get(key), list | dict)
    )


def _sensed(form: Form) -> Iterator[Mapping[str, Any]]:
    """What sensors were, and what they said."""
    for one in form.get("sensorElementList", ()):
        yield one.get("sensorMetadata", {})
        yield from one.get("sensorReport", ())


def _measured(key: str, unit: str, compare: Callable[[Any, Any], bool], amount: float) -> Judge:
    return lambda form: any(
        key in part and _compares(part[key], compare, amount) and (not unit or part.get("uom") == unit)
        for part in _sensed(form)
    )


def _of_quantity(name: str, values: tuple[str, ...]) -> Judge | None:
    how, _, rest = name.partition("_")
    if how not in _COMPARED or not (rest == "quantity" or rest.startswith("quantity_")):
        return None
    amount, unit, compare = _amount(name, values), rest.removeprefix("quantity").lstrip("_"), _COMPARED[how]
    return lambda form: any(
        "quantity" in one and compare(one["quantity"], amount) and (not unit or one.get("uom") == unit)
        for key in _QUANTITIES
        for one in form.get(key, ())
    )


def _amount(name: str, values: tuple[str, ...]) -> float:
    text = _one(name, values)
    try:
        made = float(text)
    except ValueError:
        made = float("nan")
    if not abs(made) < 1e30:
        raise BadValue(f"'{text[:60]}' is no number", place=name, remedy="write a number")
    return made


def _of_rest(name: str, values: tuple[str, ...]) -> Judge | None:
    if name in ("EQ_persistentDisposition_set", "EQ_persistentDisposition_unset"):
        side, wanted = name.rpartition("_")[2], {bare(value) for value in values}
        return lambda form: bool(wanted & set(form.get("persistentDisposition", {}).get(side, ())))
    if name == "EQ_errorReason":
        reasons = {bare(value) for value in values}
        return lambda form: form.get("errorDeclaration", {}).get("reason") in reasons
    if name == "EQ_correctiveEventID":
        return lambda form: bool(set(values) & set(form.get("errorDeclaration", {}).get("correctiveEventIDs", ())))
    return None


def _of_extensions(name: str, values: tuple[str, ...]) -> Judge | None:
    found = _OWN.fullmatch(name)
    if found is None:
        return None
    how, inner, where, called = found.groups()
    key, place = named(called, STANDARD), _PLACES[where]
    if how == "EXISTS":
        _yes(name, values)
        return lambda form: any(True for _ in _under(place(form), key, inner))
    if how == "EQ":
        return lambda form: any(str(one) in values for one in _under(place(form), key, inner))
    amount, compare = _amount(name, values), _COMPARED[how]
    return lambda form: any(_compares(one, compare, amount) for one in _under(place(form), key, inner))


def _under(value: Any, key: str, inner: str, depth: int = 0) -> Any:
    """The plain values of a field: at the top, or anywhere below it."""
    if isinstance(value, list):
        for one in value:
            yield from _under(one, key, inner, depth)
    elif isinstance(value, dict):
        if key in value and (depth > 0 or not inner):
            told = value[key]
            yield from told if isinstance(told, list) else [told]
        if inner:
            for one in value.values():
                yield from _under(one, key, inner, depth + 1)


def _compares(value: Any, compare: Callable[[Any, Any], bool], amount: float) -> bool:
    try:
        return compare(float(value), amount)
    except (TypeError, ValueError):
        return False


def _holds(fields: tuple[str, ...], values: tuple[str, ...], *, patterns: bool = True) -> Judge:
    """Whether one of the fields names one of the lots, or one that fits a pattern."""
    plain = {address(value) for value in values if "*" not in value or not patterns}
    fitting = [_pattern(value) for value in values if "*" in value and patterns]

    def judge(form: Form) -> bool:
        for key in fields:
            told = form.get(key, ())
            for one in (told,) if isinstance(told, str) else told:
                name = one["epcClass"] if isinstance(one, dict) else one
                if address(name) in plain or any(pattern.fullmatch(name) for pattern in fitting):
                    return True
        return False

    return judge


def _pattern(value: str) -> re.Pattern[str]:
    """An EPC pattern (``urn:epc:idpat:sgtin:4012345.*.*``): a star stands for one component."""
    plain = value.replace("urn:epc:idpat:", "urn:epc:id:")
    body = re.escape(plain).replace(r"\*", "[^.:]*")
    if value.startswith("urn:epc:idpat:"):
        body = body.replace("urn:epc:id:", "urn:epc:(?:id|class):", 1)
    return re.compile(body)
