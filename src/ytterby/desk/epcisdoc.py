"""Home to how the EPCIS interface is described: its parameters, bodies and answers, as OpenAPI has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ytterby.custody.query.question import COLUMNS, LARGEST_PAGE, MATCHES, PAGE, TYPES
from ytterby.desk.guard import LARGEST as LARGEST
from ytterby.desk.views import LONGEST

_LISTED = r"^[^|]+(\|[^|]+)*$"
_WORDS = {"type": "string", "minLength": 1, "pattern": _LISTED}
_TIME = {"type": "string", "format": "date-time"}
_COUNT = {"type": "integer", "minimum": 1, "maximum": 10**15 - 1}

ASKED: Mapping[str, Mapping[str, Any]] = {
    "eventType": {"type": "string", "pattern": rf"^({'|'.join(TYPES)})(\|({'|'.join(TYPES)}))*$"},
    "EQ_action": {"type": "string", "pattern": r"^(ADD|OBSERVE|DELETE)(\|(ADD|OBSERVE|DELETE))*$"},
    **{f"{how}_{name}": _TIME for name in ("eventTime", "recordTime", "errorDeclarationTime") for how in ("GE", "LT")},
    **dict.fromkeys((*COLUMNS, *MATCHES), _WORDS),
    **dict.fromkeys(("EQ_eventID", "EQ_transformationID", "EQ_errorReason", "EQ_correctiveEventID"), _WORDS),
    "EXISTS_errorDeclaration": {"type": "boolean"},
    "EXISTS_sensorElementList": {"type": "boolean"},
    **{f"{how}_{name}": _TIME for name in ("time", "startTime", "endTime") for how in ("GE", "LT")},
    **{f"{start}_{field}": _WORDS for field in ("readPoint", "bizLocation") for start in ("HASATTR",)},
    **{f"{how}_quantity": {"type": "number"} for how in ("EQ", "GT", "GE", "LT", "LE")},
    "orderBy": {"type": "string", "enum": ["eventTime", "recordTime"]},
    "orderDirection": {"type": "string", "enum": ["ASC", "DESC"]},
    "eventCountLimit": _COUNT,
    "maxEventCount": _COUNT,
}
"""Query parameters with a fixed name; those with a name of their own (``EQ_source_TYPE``, ``EQATTR_FIELD_ATTRIBUTE``,
``GE_value_UNIT``, fields of extensions) are understood too.
"""
_PAGED: Mapping[str, Mapping[str, Any]] = {
    "perPage": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
    "nextPageToken": {"type": "string"},
}
_VERSION = {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,3}){0,2}$"}
_HEADERS = {name: {"schema": {"type": "string"}} for name in ("GS1-EPCIS-Version", "GS1-CBV-Version", "GS1-Extensions")}

_PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "pattern": "^epcisException:[A-Za-z]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_REFUSED = {
    400: "A parameter, header or body that cannot be understood",
    401: "The token of the desk is missing",
    403: "Not from here",
    404: "There is no such resource",
    405: "No such method here",
    406: "Neither a form nor a version that is offered",
    413: "Too much was sent, or more events answer than were to be",
    414: "The address is too long",
    500: "A fault",
    503: "The ledger cannot be read or written just now",
}
_COLLECTED: Mapping[str, Any] = {
    "type": "object",
    "required": ["@context", "type", "member"],
    "properties": {
        "@context": {"type": "string"},
        "type": {"type": "string", "enum": ["Collection"]},
        "member": {"type": "array", "items": {"type": "string"}},
    },
}
_DOCUMENT: Mapping[str, Any] = {
    "type": "object",
    "required": ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
    "properties": {
        "type": {"type": "string", "enum": ["EPCISQueryDocument"]},
        "schemaVersion": {"type": "string"},
        "creationDate": {"type": "string", "format": "date-time"},
        "epcisBody": {"type": "object", "required": ["queryResults"]},
    },
}
_JOB: Mapping[str, Any] = {
    "type": "object",
    "required": ["captureID", "createdAt", "running", "success", "captureErrorBehaviour", "errors"],
    "properties": {
        "captureID": {"type": "string"},
        "createdAt": {"type": "string", "format": "date-time"},
        "finishedAt": {"type": "string", "format": "date-time"},
        "running": {"type": "boolean"},
        "success": {"type": "boolean"},
        "captureErrorBehaviour": {"type": "string", "enum": ["rollback", "proceed"]},
        "errors": {"type": "array", "items": _PROBLEM},
    },
}
_TEXT = {"schema": {"type": "string"}}


def _told(status: int, words: str, **content: Any) -> dict[int | str, Any]:
    made: dict[str, Any] = {"description": words, "headers": dict(_HEADERS)}
    if content:
        made["content"] = {f"application/{kind}": {"schema": schema} for kind, schema in content.items()}
    return {status: made}


COLLECTION = _told(200, "A list", json=_COLLECTED)
EVENTS = _told(200, "Events, as the answer to a query", json=_DOCUMENT, xml={"type": "string"})
JOBS = _told(200, "Capture jobs", json={"type": "array", "items": _JOB})
JOB = _told(200, "A capture job", json=_JOB)
CAPTURE = {
    **_told(202, "Taken in: Location is the address of its capture job"),
    **_told(415, "A form that is not taken"),
}
EVENT = {
    **_told(201, "Captured: Location is its address", json={"type": "object", "required": ["type", "eventID"]}),
    **_told(409, "An event with this id is there with other content"),
    **_told(415, "A form that is not taken"),
}
_NAMED: Mapping[str, Any] = {
    "type": "object",
    "required": ["name", "query"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": r"^[^/\s]+$"},
        "query": {
            "type": "object",
            "properties": {name: {"type": ["array", "string", "number", "boolean"]} for name in ("eventType",)},
        },
    },
}
QUERY = _told(200, "A named query", json=_NAMED)
QUERIES = _told(200, "Named queries", json={"type": "array", "items": _NAMED})
QUERY_MADE = {
    **_told(201, "Kept: Location is its address"),
    **_told(409, "There is one of that name"),
    **_told(415, "A form that is not taken"),
}
DROPPED = _told(204, "Forgotten")
DISCOVERY: dict[int | str, Any] = {204: {"description": "What is understood here, in the headers"}}


def responses(answers: Mapping[Any, Any]) -> dict[int | str, Any]:
    """The answers of an address, with the ways in which it may refuse."""
    problem = {"application/problem+json": {"schema": _PROBLEM}}
    refused = {code: {"description": words, "content": problem} for code, words in _REFUSED.items()}
    mended = {
        code: {**one, "content": problem} if isinstance(code, int) and code >= 400 else one
        for code, one in answers.items()
    }
    return {**refused, **mended}


def named(path: str) -> list[dict[str, Any]]:
    """The names that stand in a path."""
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"\{(\w+)(?::path)?\}", path)
    ]


def parameters(path: str, *, asked: bool = False, paged: bool = False, posted: bool = False) -> list[dict[str, Any]]:
    """The parameters of an address."""
    told = [(name, "query", schema) for name, schema in ASKED.items()] if asked else []
    told += [(name, "query", schema) for name, schema in _PAGED.items()] if paged else []
    if posted and path == "/capture":
        told.append(("GS1-Capture-Error-Behaviour", "header", {"type": "string", "enum": ["rollback", "proceed"]}))
    told += [(f"GS1-{of}-{end}", "header", _VERSION) for of in ("EPCIS", "CBV") for end in ("Min", "Max")]
    made = [{"name": name, "in": where, "required": False, "schema": dict(schema)} for name, where, schema in told]
    return [*named(path), *made]


def body(path: str) -> dict[str, Any]:
    """What is sent to an address."""
    plain: dict[str, Any] = {"application/json": {"schema": {"type": "object"}}}
    if path == "/queries":
        return {"required": True, "content": {"application/json": {"schema": _NAMED}}}
    if path == "/events":
        event = {"type": "object", "required": ["type"], "properties": {"type": {"enum": list(TYPES)}}}
        plain["application/json"] = {"schema": event}
    else:
        plain |= {"application/xml": _TEXT, "text/csv": _TEXT}
    return {"required": True, "content": plain}
