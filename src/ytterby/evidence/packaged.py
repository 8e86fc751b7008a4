"""Home to the baseline tables as others' tools know tables: a Frictionless data package, and CSV on the Web."""

from __future__ import annotations

from typing import Any

from ytterby.evidence.tables import CHOICES, Column, Table, schema

ABOUT = (
    "Facts of the rare-earth chain, a row each, with source, access and confidence. A row whose access is `recall`, "
    "whose confidence is `C` or whose closure is 1 is assumed."
)

_FRICTIONLESS = {"number": "number", "int": "integer", "day": "date", "flag": "boolean"}
_CSVW = {"number": "decimal", "int": "integer", "day": "date", "flag": {"base": "boolean", "format": "1|0"}}


def data_package() -> dict[str, Any]:
    """The tables as a tabular data package (Frictionless Data, Table Schema)."""
    return {
        "profile": "tabular-data-package",
        "name": "ytterby-baseline",
        "title": "Rare earths, mine to magnet: the baseline tables",
        "description": ABOUT,
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": name,
                "path": f"{name}.csv",
                "title": table.about,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {"fields": [_field(one) for one in table.columns], "missingValues": [""]},
            }
            for name, table in _tables()
        ],
    }


def csv_on_the_web() -> dict[str, Any]:
    """The tables as metadata of CSV on the Web (W3C Recommendation, 17 December 2015)."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": "Rare earths, mine to magnet: the baseline tables",
        "dc:description": ABOUT,
        "tables": [
            {
                "url": f"{name}.csv",
                "dc:title": table.about,
                "tableSchema": {"columns": [_column(one) for one in table.columns]},
            }
            for name, table in _tables()
        ],
    }


def _tables() -> list[tuple[str, Table]]:
    return [(name, table) for name, table in schema().items() if name != "overlay"]


def _field(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "type": _FRICTIONLESS.get(column.type, "string")}
    told["description"] = column.description
    if column.type == "flag":
        told |= {"trueValues": ["1"], "falseValues": ["0"]}
    if column.type in CHOICES:
        told["constraints"] = {"enum": list(CHOICES[column.type])}
    return told


def _column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "titles": column.name, "dc:description": column.description}
    datatype: Any = _CSVW.get(column.type, "string")
    if column.type in CHOICES:
        datatype = {"base": "string", "format": "|".join(CHOICES[column.type])}
    return {**told, "datatype": datatype, "null": ""}
