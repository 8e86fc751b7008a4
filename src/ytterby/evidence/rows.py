"""Home to the rows of the baseline tables: one small function per table says which claims a row makes.

Parameter names are those of docs/design.md; `claims_of(row)` picks the function by the row's table.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from ytterby.evidence.claims import Claim, Source, refused
from ytterby.evidence.tables import Row
from ytterby.terms.elements import ELEMENTS
from ytterby.terms.periods import parse_period

EXTRACTOR = "baseline/1"

REPORTING_DAYS = 45
"""Days from the end of a company's period to its report."""

BASKET = tuple(symbol for symbol in ELEMENTS if symbol not in ("Pm", "Sc"))
"""Elements of a deposit's basket, in axis order (no deposit of the tables states Pm or Sc)."""

_PLANNED = frozenset({"planned", "announced", "construction", "cancelled", "demo", "blocked"})
_GRADE_IDS = "comp_"
_NOT_A_GRADE = ("comp_ndfeb_range_Nd", "comp_ndfeb_tre", "comp_ndfeb_dy_wind")


def claim(row: Row, **said: Any) -> Claim:
    """The claim a row makes: what every table shares, then what `said` adds; raises `BadValue` naming the row."""
    fields: dict[str, Any] = {
        "document": f"baseline:{row.table}",
        "value": row.number("value"),
        "low": row.number("low"),
        "high": row.number("high"),
        "comparator": row.text("comparator") or "=",
        "unit": row.text("unit"),
        "as_of": row.text("as_of"),
        "known": row.day("known"),
        "source": source(row),
        "access": row.text("access"),
        "confidence": row.text("confidence"),
        "spread": row.text("range") or "5-95",
        "closure": row.flag("closure"),
        "extractor": EXTRACTOR,
        "note": row.text("note"),
        "status": "accepted",
        **said,
    }
    try:
        return Claim(**fields)
    except ValidationError as error:
        raise refused(error, row.place()) from None


def source(row: Row) -> Source:
    """The source columns of a row."""
    return Source(
        publisher=row.text("source_publisher"),
        title=row.text("source_title"),
        year=row.year("source_year"),
        url=row.text("source_url"),
    )


def claims_of(row: Row) -> list[Claim]:
    """The claims of one row of a baseline table; at least one."""
    return _BY_TABLE[row.table](row)


def _whole(row: Row, column: str = "year") -> str:
    year = row.year(column)
    return "" if year is None else str(year)


def _mine_production(row: Row) -> list[Claim]:
    place, year, basis = row.text("place"), _whole(row), row.text("basis")
    quota = basis.startswith("quota")
    return [
        claim(
            row,
            kind="quota" if quota else "production",
            parameter=f"production:{place}:{year}:{basis}",
            subject=basis if quota else "rare-earth supply",
            stage="mine",
            place=place,
            basis=basis,
            period=year,
            note=_joined(row.text("edition"), row.text("note")),
        )
    ]


def _reserves(row: Row) -> list[Claim]:
    place, scope = row.text("place"), row.text("scope")
    return [
        claim(
            row,
            kind="reserve",
            parameter=f"reserve:{place}" + (f":{scope}" if scope else ""),
            subject=f"reserves of {scope}" if scope else "reserves",
            stage="mine",
            place=place,
            basis="reserves",
            note=_joined(row.text("edition"), row.text("note")),
        )
    ]


def _deposits(row: Row) -> list[Claim]:
    deposit, stands_for = row.text("id"), row.text("alternative_of")
    mined = claim(
        row,
        kind="capacity",
        parameter=f"mine:{deposit}",
        subject=row.text("name"),
        stage="mine",
        place=row.text("place"),
        basis="REO in concentrate",
        modality="target" if row.text("status") in _PLANNED else "asserted",
        attributed_to=row.text("operator"),
    )
    return [
        mined,
        *(basket_claim(row, deposit, stands_for or deposit, e) for e in BASKET if basket(row, e) is not None),
    ]


def basket(row: Row, element: str) -> float | None:
    """Percent of the element's oxide in the deposit's rare-earth oxides, None where the row does not state it."""
    return row.number(f"{element}_pct")


def basket_claim(row: Row, deposit: str, about: str, element: str, **said: Any) -> Claim:
    """The share of one element in a deposit's basket."""
    fields: dict[str, Any] = {
        "kind": "share",
        "parameter": f"basket:{deposit}:{element}",
        "subject": f"basket of {about}",
        "stage": "mine",
        "place": row.text("place"),
        "basis": f"{element} oxide in REO",
        "elements": (element,),
        "value": basket(row, element),
        "low": None,
        "high": None,
        "unit": "wt%",
        "as_of": "",
        "known": row.day("dist_known"),
        "source": Source(publisher=row.text("dist_source")),
        "access": row.text("dist_access") or "recall",
        "confidence": row.text("dist_confidence") or "C",
        "note": "",
    }
    return claim(row, **{**fields, **said})


def _plants(row: Row) -> list[Claim]:
    stage = {"separation": "separation", "metal_alloy": "metal", "magnet": "magnet"}[row.table]
    if row.text("id").startswith("alloy_"):
        stage = "alloy"
    elif row.text("id").startswith("rec_"):
        stage = "recycling"
    shared: dict[str, Any] = {
        "subject": row.text("name"),
        "material": row.text("product"),
        "stage": stage,
        "place": row.text("place"),
        "attributed_to": row.text("company"),
    }
    claims = [
        claim(
            row,
            kind="quota" if row.text("status") == "quota" else "capacity",
            parameter=f"capacity:{row.text('id')}",
            basis="nameplate",
            by=row.text("full_rate_date"),
            modality="target" if row.text("status") in _PLANNED else "asserted",
            **shared,
        )
    ]
    if row.number("actual_output") is not None:
        claims.append(
            claim(
                row,
                kind="production",
                parameter=f"output:{row.text('id')}:{row.text('actual_year')}",
                value=row.number("actual_output"),
                low=None,
                high=None,
                basis="output",
                period=row.text("actual_year"),
                known=_reported(row),
                **shared,
            )
        )
    return claims


def _reported(row: Row) -> date | None:
    """The day a plant's output could be known: never before the period was over and reported on."""
    known, period = row.day("known"), row.text("actual_year")
    if known is None or not period:
        return known
    over = parse_period(period, row.place("actual_year"), fiscal_end=6).end
    return max(known, over + timedelta(days=REPORTING_DAYS))


def _recipes(row: Row) -> list[Claim]:
    name, unit = row.text("id"), row.text("unit")
    parameter = f"recipe:{name}"
    elements: tuple[str, ...] = ()
    if name.startswith(_GRADE_IDS) and name not in _NOT_A_GRADE:
        grade, _, element = name.removeprefix(_GRADE_IDS).rpartition("_")
        element = element.split("(")[0]
        parameter = f"composition:{grade}:{element}"
        elements = (element,) if element in ELEMENTS else ()
    kinds = {"day": "duration", "share": "share", "t REO/y": "production", "t oxide/y": "production"}
    return [
        claim(
            row,
            kind=kinds.get(unit, "measure"),
            parameter=parameter,
            subject=row.text("subject") or _joined(row.text("parameter"), row.text("input"), " of "),
            material=row.text("output"),
            elements=elements,
            stage=row.text("stage"),
            basis=row.text("input"),
        )
    ]


def _product_intensity(row: Row) -> list[Claim]:
    unit = row.text("unit")
    return [
        claim(
            row,
            kind={"share": "share", "t/y": "demand"}.get(unit, "intensity"),
            parameter=f"intensity:{row.text('id')}",
            subject=row.text("product"),
            material=row.text("material"),
            stage="product",
            basis=row.text("basis"),
        )
    ]


def _demand_by_use(row: Row) -> list[Claim]:
    metric, unit, year = row.text("metric"), row.text("unit"), _whole(row)
    kind = "share" if unit == "share" else "date" if unit == "year" else "measure"
    if unit.split("/")[0].split(" ")[0] == "t":
        kind = "production" if "supply" in metric or "production" in metric else "demand"
        kind = "measure" if "undersupply" in metric else kind
    later = year > row.text("as_of") or bool(row.text("scenario"))
    return [
        claim(
            row,
            kind=kind,
            parameter=f"demand:{row.text('id')}",
            subject=row.text("application"),
            stage="use",
            place=row.text("place"),
            basis=_joined(metric, row.text("scenario")),
            period=year,
            modality="forecast" if later else "asserted",
        )
    ]


def _trade(row: Row) -> list[Claim]:
    flow, origin, destination = row.text("flow"), row.text("origin"), row.text("destination")
    product, period, kind = row.text("product"), row.text("period"), row.text("kind")
    head = "change" if kind == "trade_change" else "trade"
    return [
        claim(
            row,
            kind=kind,
            parameter=f"{head}:{flow}:{origin}:{destination}:{product}:{period}",
            subject=f"{flow} of {product}",
            material=product,
            place=origin,
            counterpart=destination,
            basis=row.text("basis"),
            period=period,
        )
    ]


def _prices(row: Row) -> list[Claim]:
    product, location, period = row.text("product"), row.text("location"), row.text("period")
    said: dict[str, Any] = {}
    dollars, printed = row.number("usd_per_kg"), row.number("value")
    if dollars is not None and printed:
        scale = dollars / printed
        said = {side: round(bound * scale, 4) for side in ("low", "high") if (bound := row.number(side)) is not None}
        said |= {"value": dollars, "unit": "USD/kg"}
        if row.text("unit") != "USD/kg":
            tax = " with VAT" if row.flag("vat_included") else ""
            said["note"] = _joined(f"printed {printed:g} {row.text('unit')}{tax}", row.text("note"))
        said["low"] = min(said.get("low", dollars), dollars) if "low" in said else None
        said["high"] = max(said.get("high", dollars), dollars) if "high" in said else None
    return [
        claim(
            row,
            kind="price",
            parameter=f"price:{product}:{location}:{period}",
            subject=f"price of {product}",
            material=_joined(product, row.text("purity")),
            place=row.text("place"),
            basis=location,
            period=period,
            **said,
        )
    ]


def _shares(row: Row) -> list[Claim]:
    stage, place, scope, year, basis = (*map(row.text, ("stage", "place", "scope")), _whole(row), row.text("basis"))
    label = scope if "+" in scope else _joined(place, scope, " ")
    own = stage in ("mining", "separation", "separation_heavy", "metal", "magnet", "reserves")
    return [
        claim(
            row,
            kind="share" if own or "import" not in stage else "dependency",
            parameter=f"share:{stage}:{label}:{year}:{basis}",
            subject=_joined(f"share of {stage}", scope),
            stage={"mining": "mine", "separation_heavy": "separation"}.get(stage, stage if own else ""),
            place=place,
            basis=basis,
            period=year,
            modality="claimed"
            if row.text("access") == "digest"
            else "forecast"
            if year > row.text("as_of")
            else "asserted",
        )
    ]


def _policy_events(row: Row) -> list[Claim]:
    day, kind, actor, unit = row.day("date"), row.text("type"), row.text("actor"), row.text("unit")
    stated = row.number("value") is not None
    counted = {"share": "share", "million USD": "investment", "working day": "duration", "month": "duration"}
    sort = "quota" if "quota" in kind and stated else counted.get(unit, "measure") if stated else "date"
    return [
        claim(
            row,
            kind=sort,
            parameter=f"event:{day}:{kind}:{actor}",
            subject=row.text("title"),
            elements=_symbols(row.text("elements")),
            place=row.text("place"),
            basis=kind,
            period=_joined(str(day), row.text("end_date"), ".."),
            attributed_to=actor,
            modality="claimed" if kind == "claim" else "asserted",
            note=_joined(_joined(row.text("effect"), row.text("target"), " → "), row.text("note")),
        )
    ]


def _robots(row: Row) -> list[Claim]:
    unit, metric, year = row.text("unit"), row.text("metric"), _whole(row)
    kinds = {"kg/unit": "intensity", "year": "date", "share": "share", "t": "demand", "t/y": "demand"}
    planned = any(word in metric for word in ("plan", "rumour", "capacity", "start"))
    later = year > row.text("as_of")
    return [
        claim(
            row,
            kind=kinds.get(unit, "forecast" if later or planned else "count"),
            parameter=f"robots:{row.text('id')}",
            subject=metric,
            stage="product",
            period=year,
            attributed_to=row.text("actor"),
            modality="target" if planned else "forecast" if later else "asserted",
        )
    ]


def _press_claims(row: Row) -> list[Claim]:
    metric = row.text("metric")
    kinds = {"share": "share", "million USD": "investment", "kg/unit": "intensity", "year": "date"}
    return [
        claim(
            row,
            kind=kinds.get(row.text("unit"), "measure"),
            parameter=f"press:{row.text('id')}",
            subject=row.text("claim"),
            basis=metric,
            modality="claimed",
            note=_joined(row.text("verdict"), row.text("note")),
        )
    ]


def _licensing(row: Row) -> list[Claim]:
    return [
        claim(
            row,
            kind=row.text("kind"),
            parameter=f"licence:{row.text('id')}",
            subject=row.text("metric"),
            place="CN",
            counterpart=row.text("destination"),
            basis=_joined(row.text("observer"), row.text("end_use")),
            period=row.text("as_of"),
            attributed_to=row.text("observer"),
            modality="forecast" if row.text("kind") == "forecast" else "reported",
        )
    ]


def _joined(first: str, second: str, between: str = "; ") -> str:
    return between.join(part for part in (first, second) if part)


def _symbols(words: str) -> tuple[str, ...]:
    named = set(words.replace("NdPr", "Nd Pr").split())
    return tuple(symbol for symbol in ELEMENTS if symbol in named)


_BY_TABLE: dict[str, Callable[[Row], list[Claim]]] = {
    "mine_production": _mine_production,
    "reserves": _reserves,
    "deposits": _deposits,
    "separation": _plants,
    "metal_alloy": _plants,
    "magnet": _plants,
    "recipes": _recipes,
    "product_intensity": _product_intensity,
    "demand_by_use": _demand_by_use,
    "trade": _trade,
    "prices": _prices,
    "shares": _shares,
    "policy_events": _policy_events,
    "robots": _robots,
    "press_claims": _press_claims,
    "observations": _trade,
    "licensing": _licensing,
}
