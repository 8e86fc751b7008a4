"""Home to reading events out of tables: CSV for firms that have no EPCIS, one row for each lot in each event.

Rows that follow one another under one event number are one event. Numbers of lots, events and places that are no
addresses become some: ``urn:x-ytterby:lot:<firm>:<number>``. UTF-8 or GB 18030, parted by commas, semicolons or tabs,
headings in English or Chinese (`columns`).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import quote

from ytterby.custody.epcis.columns import column
from ytterby.custody.epcis.made import Flaw
from ytterby.terms.errors import UnknownName, shown

Cells: TypeAlias = dict[str, str]

MOST_ROWS = 10_000
"""Rows of one event."""
TOO_LONG = "!"
"""Not a column: says that a row has more cells than there are headings, so that none can be trusted."""
_TYPES = {
    "object": "ObjectEvent",
    "aggregation": "AggregationEvent",
    "transaction": "TransactionEvent",
    "transformation": "TransformationEvent",
    "association": "AssociationEvent",
}
_UNITS = {
    "kg": "KGM", "千克": "KGM", "公斤": "KGM", "t": "TNE", "吨": "TNE", "g": "GRM", "克": "GRM", "mg": "MGM",
    "毫克": "MGM", "lb": "LBR", "磅": "LBR", "oz": "ONZ",
}  # fmt: skip
_FROM = (("from_party", "possessing_party", "party"), ("from_owner", "owning_party", "party"))
_TO = (("to_party", "possessing_party", "party"), ("to_owner", "owning_party", "party"))
_PARTIES = (
    ("sourceList", "source", (*_FROM, ("from_place", "location", "place"))),
    ("destinationList", "destination", (*_TO, ("to_place", "location", "place"))),
)
_LISTS = {"input": ("inputEPCList", "inputQuantityList"), "output": ("outputEPCList", "outputQuantityList")}
_TEXTS = {
    "process": "ytt:process", "end_user": "ytt:endUser", "end_use": "ytt:endUse",
    "technology_origin": "ytt:technologyOrigin", "value_usd": "ytt:valueUSD",
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a table, or why it could not be read."""

    raw: dict[str, Any]
    text: bytes
    path: str
    flaw: Flaw | None = None


def events(content: bytes) -> Iterator[Row]:
    """The events of a table.

    Raises:
        Flaw: it is no table we know: the heading that is unknown is named.
    """
    lines = _lines(content)
    try:
        reader = csv.reader(lines, delimiter=_delimiter(content))
        heads = _headings(next(reader, []))
        group: list[tuple[int, Cells]] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            row = {name: unicodedata.normalize("NFKC", cell).strip() for name, cell in zip(heads, cells, strict=False)}
            if any(cell.strip() for cell in cells[len(heads) :]):
                row[TOO_LONG] = f"{len(cells)} cells under {len(heads)} headings: a comma in a cell needs quotes"
            if group and (len(group) >= MOST_ROWS or not _together(group[-1][1], row)):
                yield _event(group)
                group = []
            group.append((reader.line_num, row))
        if group:
            yield _event(group)
    except csv.Error as error:
        raise Flaw("table", shown(str(error), 200), f"row {getattr(reader, 'line_num', 0)}") from None
    except UnicodeDecodeError as error:
        raise Flaw("table", f"neither UTF-8 nor GB 18030 at byte {error.start}") from None


def _lines(content: bytes) -> io.TextIOWrapper:
    try:
        content[:65536].decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError as error:
        # the cut may fall into a sign; what is wrong before its end is another encoding
        encoding = "utf-8" if error.start > 65530 else "gb18030"
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")


def _delimiter(content: bytes) -> str:
    head = content[: content.find(b"\n") if b"\n" in content[:65536] else 65536]
    return max(",;\t", key=lambda sign: head.count(sign.encode()))


def _headings(cells: list[str]) -> list[str]:
    if len(cells) > 200:
        raise Flaw("table", f"{len(cells)} columns", "header")
    made = []
    for cell in cells:
        try:
            made.append(column(unicodedata.normalize("NFKC", cell).strip().replace("(", "（").replace(")", "）")))
        except UnknownName as error:
            raise Flaw("table", f"{error.cause}{f'; {error.remedy}' if error.suggestions else ''}", "header") from None
    if len(set(made)) != len(made):
        raise Flaw("table", f"column '{next(one for one in made if made.count(one) > 1)}' stands twice", "header")
    if "lot" not in made or "event_time" not in made:
        raise Flaw("table", "it has no column 'lot' or no column 'event_time'", "header")
    return made


def _together(before: Cells, after: Cells) -> bool:
    for name in ("event_id", "transformation"):
        if before.get(name) or after.get(name):
            return before.get(name) == after.get(name)
    return False


def _event(group: list[tuple[int, Cells]]) -> Row:
    first = group[0][0]
    path = f"row {first}" if len(group) == 1 else f"rows {first}-{group[-1][0]}"
    text = repr([cells for _, cells in group])[:65536].encode()
    try:
        return Row(_raw(group), text, path)
    except Flaw as flaw:
        return Row({}, text, flaw.path or path, flaw)


def _raw(group: list[tuple[int, Cells]]) -> dict[str, Any]:
    for number, cells in group:
        if TOO_LONG in cells:
            raise Flaw("table", cells[TOO_LONG], f"row {number}")
    number, head = group[0]
    kind = head.get("event_type", "object").lower() or "object"
    if kind not in _TYPES:
        raise _wrong(number, "event_type", f"'{shown(kind)}' is not one of {', '.join(_TYPES)}")
    made: dict[str, Any] = {"type": _TYPES[kind], **_when(number, head)}
    if head.get("event_id"):
        made["eventID"] = _address("event", head["event_id"], head, number, "event_id")
    for name, key in (("action", "action"), ("step", "bizStep"), ("disposition", "disposition")):
        if head.get(name):
            made[key] = head[name].upper() if name == "action" else head[name]
    for name, key in (("place", "bizLocation"), ("read_point", "readPoint")):
        if head.get(name):
            made[key] = {"id": _address("place", head[name], head, number, name)}
    if head.get("transformation"):
        made["transformationID"] = _address("transformation", head["transformation"], head, number, "transformation")
    for key, part, rows in _PARTIES:
        pairs = [
            {"type": kind_of, part: _address(what, head[name], head, number, name)}
            for name, kind_of, what in rows
            if head.get(name)
        ]
        if pairs:
            made[key] = pairs
    if head.get("order"):
        made["bizTransactionList"] = [
            {"type": "po", "bizTransaction": _address("order", head["order"], head, number, "order")}
        ]
    _details(made, head, number)
    for place, cells in group:
        _same(head, cells, place)
        _piece(made, kind, cells, head, place)
    return made


def _when(number: int, head: Cells) -> dict[str, str]:
    written, offset = head.get("event_time", ""), head.get("utc_offset", "")
    try:
        time = datetime.fromisoformat(written.replace("/", "-"))
        if time.tzinfo is None:
            if not offset:
                raise _wrong(number, "utc_offset", "the time has no offset and the column is empty: write +08:00")
            time = datetime.fromisoformat(f"{time.isoformat()}{offset}")
    except ValueError as error:
        if isinstance(error, Flaw):
            raise
        raise _wrong(number, "event_time", f"'{shown(written)} {shown(offset)}' is no time") from None
    made = time.isoformat()
    return {"eventTime": made, "eventTimeZoneOffset": offset or made[-6:]}


def _details(made: dict[str, Any], head: Cells, number: int) -> None:
    for name, key in _TEXTS.items():
        if head.get(name):
            made[key] = _number(head[name], number, name) if name == "value_usd" else head[name]
    for name, key in (("licence", "ytt:licences"), ("customs", "ytt:customs")):
        if head.get(name):
            made[key] = [one.strip() for one in head[name].split("|") if one.strip()]
    for name, key in (("loss_kg", "ytt:losses"), ("added_kg", "ytt:added")):
        if head.get(name):
            made[key] = [{"ytt:mass": _number(head[name], number, name)}]
    if head.get("wrong_since"):
        wrong = _when(number, {**head, "event_time": head["wrong_since"]})["eventTime"]
        made["errorDeclaration"] = {"declarationTime": wrong}
        if head.get("wrong_reason"):
            made["errorDeclaration"]["reason"] = head["wrong_reason"]
        ids = [one.strip() for one in head.get("corrected_by", "").split("|") if one.strip()]
        if ids:
            made["errorDeclaration"]["correctiveEventIDs"] = [
                _address("event", one, head, number, "corrected_by") for one in ids
            ]


_OF_EVENT = (
    "event_type", "firm", "event_time", "utc_offset", "action", "step", "disposition", "place", "read_point", "process",
    "licence", "customs", "order", "loss_kg", "added_kg",
)  # fmt: skip


def _same(head: Cells, cells: Cells, number: int) -> None:
    for name in _OF_EVENT:
        if cells.get(name) and cells[name] != head.get(name):
            raise _wrong(
                number, name, f"'{shown(cells[name])}', the event's first row has '{shown(head.get(name, ''))}'"
            )


def _piece(made: dict[str, Any], kind: str, cells: Cells, head: Cells, number: int) -> None:
    if not cells.get("lot"):
        raise _wrong(number, "lot", "it is empty")
    lot = _address("lot", cells["lot"], {**head, "firm": cells.get("issuer") or head.get("firm", "")}, number, "lot")
    role = cells.get("role", "").lower() or ("what" if kind in ("object", "transaction") else "")
    alone, listed = _lists(kind, role, number)
    if role == "parent":
        if made.setdefault("parentID", lot) != lot:
            raise _wrong(number, "role", "the event has another parent already")
    elif cells.get("mass"):
        unit = cells.get("unit", "") or "KGM"
        mass = float(_number(cells["mass"], number, "mass"))
        line = {"epcClass": lot, "quantity": mass, "uom": _UNITS.get(unit.lower(), unit.upper())}
        made.setdefault(listed, []).append(line)
    elif cells.get("count") and cells["count"] != "1":
        made.setdefault(listed, []).append(
            {"epcClass": lot, "quantity": float(_number(cells["count"], number, "count"))}
        )
    else:
        made.setdefault(alone, []).append(lot)
    if cells.get("material"):
        made.setdefault("ytt:materials", []).append({"ytt:lot": lot, "ytt:material": cells["material"]})
    for name, cell in cells.items():
        if cell and name.endswith("_pct"):
            assay = {"ytt:lot": lot, "ytt:element": name[:-4], "ytt:fraction": _percent(cell, number, name)}
            if cells.get(f"{name}_sigma"):
                assay["ytt:sigma"] = _percent(cells[f"{name}_sigma"], number, f"{name}_sigma")
            made.setdefault("ytt:assays", []).append(assay)


def _lists(kind: str, role: str, number: int) -> tuple[str, str]:
    if kind == "transformation":
        if role not in _LISTS:
            raise _wrong(number, "role", f"'{shown(role)}' is neither input nor output")
        return _LISTS[role]
    if kind in ("aggregation", "association"):
        if role not in ("parent", "child"):
            raise _wrong(number, "role", f"'{shown(role)}' is neither parent nor child")
        return "childEPCs", "childQuantityList"
    return "epcList", "quantityList"


def _percent(cell: str, number: int, name: str) -> str:
    from decimal import Decimal

    return format(Decimal(_number(cell.removesuffix("%"), number, name)).scaleb(-2), "f")


def _number(cell: str, number: int, name: str) -> str:
    if len(cell) > 40 or not _NUMBER.fullmatch(cell):
        raise _wrong(number, name, f"'{shown(cell)}' is no plain number: write 1234.5")
    return cell


def _address(what: str, cell: str, head: Mapping[str, str], number: int, name: str) -> str:
    if _ADDRESS.fullmatch(cell):
        return quote(cell, safe="!#$%&'()*+,/:;=?@[]~")
    if what == "party":
        return f"urn:x-ytterby:party:{quote(cell, safe='')}"
    firm = head.get("firm", "")
    if not firm:
        raise _wrong(number, name, f"'{shown(cell)}' is no address: fill in the column 'firm', or write an address")
    return f"urn:x-ytterby:{what}:{quote(firm, safe='')}:{quote(cell, safe='')}"


def _wrong(number: int, name: str, reason: str) -> Flaw:
    return Flaw("table", reason, f"row {number}, column {name}")
