"""Home to the baseline: the tables of the package, and a project's own lines over them, as claims.

`known` is the first day a figure could have been known, so that a world can be built as it stood on any day:

- customs months, part years and years: the 20th of the month after the period (January with February, on 20 March);
- USGS Mineral Commodity Summaries: 15 February of the edition's year;
- prices: the end of the period; company quarters: 45 days after the quarter; Chinese quotas: the end of their year;
- policy events: their day (scheduled ones: the day of the announcement);
- where the source's day is printed or stands in its address: that day;
- else 31 December of the source's year; without one, of the year the figure speaks of; general knowledge and this
  project's own arithmetic on 2024: 31 December 2024. Nothing is known later than 21 November 2026.

Carried back: most plants and processes of the tables are described by sources of 2025 and 2026 though they ran before.
Rows with `carry_from` make a second claim, known from that day, assumed and of grade C, which stands in for the first
until that one is known (`Claim.carried_from`); `weigh` never counts both. Outputs, prices, trade and events are never
carried back: they happened when they happened. Four mines carry the figure that USGS gave at the time instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from ytterby.evidence.claims import KINDS, Claim, Source
from ytterby.evidence.rows import BASKET, basket, basket_claim, claim, claims_of
from ytterby.evidence.tables import Row, read_file, read_package, schema
from ytterby.terms.errors import BadValue, UnknownName

TABLES: tuple[str, ...] = (
    "mine_production",
    "reserves",
    "deposits",
    "separation",
    "metal_alloy",
    "magnet",
    "recipes",
    "product_intensity",
    "demand_by_use",
    "trade",
    "prices",
    "shares",
    "policy_events",
    "robots",
    "press_claims",
    "observations",
    "licensing",
)
"""The tables of the package, in reading order."""

OVERLAY = Path("overlay") / "claims.csv"
"""Where a project keeps claims of its own, inside its folder."""

HEADS: dict[str, str] = {
    "capacity": "capacity",
    "output": "production",
    "mine": "capacity",
    "basket": "share",
    "recipe": "measure",
    "composition": "measure",
    "intensity": "intensity",
    "demand": "demand",
    "share": "share",
    "reserve": "reserve",
    "production": "production",
    "trade": "trade_volume",
    "change": "trade_change",
    "price": "price",
    "robots": "forecast",
    "event": "measure",
    "licence": "measure",
    "press": "measure",
    "assumption": "measure",
}
"""First words of parameter names, with the kind of claim an overlay line is when it names none."""


def load(folder: Path | None = None) -> list[Claim]:
    """Every claim of the package tables and, where `folder` is a project with ``overlay/claims.csv``, of its overlay.

    Raises `BadValue` or `UnknownName` naming file, line and column; nothing is loaded then.
    """
    claims = list(_package())
    if folder is not None and (folder / OVERLAY).exists():
        claims += overlay(folder / OVERLAY)
    return unique(claims)


@lru_cache(maxsize=1)
def _package() -> tuple[Claim, ...]:
    # The package does not change while a process runs, and a desk asks for its tables at every turn.
    return tuple(made for name in TABLES for made in table(name))


def table(name: str) -> list[Claim]:
    """The claims of one package table."""
    if name not in TABLES:
        raise UnknownName(name, TABLES, "baseline table")
    rows = read_package(name)
    claims = [made for row in rows for made in _with_carried(row, claims_of(row))]
    return claims + (_analogues(rows) if name == "deposits" else [])


def overlay(path: Path) -> list[Claim]:
    """A project's own claims. They join the baseline's claims of the same parameter; they do not replace them."""
    return [_overlay_claim(row) for row in read_file(path, schema()["overlay"], str(OVERLAY))]


def unique(claims: Iterable[Claim]) -> list[Claim]:
    """The claims in order, each id once."""
    return list({made.id: made for made in claims}.values())


def _with_carried(row: Row, claims: list[Claim]) -> list[Claim]:
    day = row.day("carry_from")
    if day is None:
        return claims
    slow = [made for made in claims if made.kind != "production" and made.known is not None and day < made.known]
    of_the_day = row.number("carry_value")
    return claims + [
        carried(made, day) if of_the_day is None or made.kind != "capacity" else replaced(made, day, of_the_day)
        for made in slow
    ]


def replaced(later: Claim, day: date, value: float) -> Claim:
    """The figure of the day (USGS, Mineral Commodity Summaries 2025) in the place of one that became known later."""
    fields = later.model_dump(exclude={"id", "assumed", "low", "high"})
    fields |= {
        "value": value,
        "known": day,
        "as_of": "2024",
        "source": Source(
            publisher="USGS",
            title="Mineral Commodity Summaries 2025 - Rare Earths",
            year=2025,
            url="https://pubs.usgs.gov/periodicals/mcs2025/",
        ),
        "access": "read",
        "confidence": "B",
        "carried_from": later.id,
        "extractor": f"{later.extractor} of the day",
        "note": f"the figure of the day, before the one known on {later.known}",
    }
    return Claim(**fields)


def carried(later: Claim, day: date) -> Claim:
    """An assumed stand-in, known from `day`, for a claim that became known later."""
    fields = later.model_dump(exclude={"id", "assumed"})
    fields |= {
        "known": day,
        "confidence": "C",
        "carried_from": later.id,
        "extractor": f"{later.extractor} carried back",
        "note": f"assumed: carried back from a figure known on {later.known}. {later.note}".strip(),
    }
    return Claim(**fields)


def _analogues(rows: list[Row]) -> list[Claim]:
    """Baskets borrowed from another deposit, scaled so that a partly stated basket still sums to 100 %."""
    by_id = {row.text("id"): row for row in rows}
    claims: list[Claim] = []
    for row in rows:
        name = row.text("dist_analogue")
        if not name:
            continue
        if name not in by_id:
            raise UnknownName(name, by_id, "deposit", row.place("dist_analogue"))
        claims += _borrowed(row, by_id[name])
    return claims


def _borrowed(row: Row, other: Row) -> list[Claim]:
    deposit = row.text("id")
    own = {element: part for element in BASKET if (part := basket(row, element)) is not None}
    rest = {element: part for element in BASKET if element not in own and (part := basket(other, element)) is not None}
    total = sum(rest.values())
    scale = (100.0 - sum(own.values())) / total if own and total else 1.0
    note = f"assumed: basket of {other.text('id')}" + (
        ", scaled to fill what the deposit does not state" if own else ""
    )
    return [
        basket_claim(
            other,
            deposit,
            deposit,
            element,
            value=round(part * scale, 4),
            place=row.text("place"),
            access="derived",
            confidence="C",
            extractor="baseline/1 analogue",
            note=note,
        )
        for element, part in rest.items()
    ]


def _overlay_claim(row: Row) -> Claim:
    parameter = row.text("parameter")
    head, _, tail = parameter.partition(":")
    if not tail:
        raise BadValue(
            f"'{parameter}' names no parameter", place=row.place("parameter"), remedy="write e.g. capacity:sep_mp"
        )
    if head not in HEADS:
        raise UnknownName(head, HEADS, "first word of a parameter", row.place("parameter"))
    kind = row.text("kind") or HEADS[head]
    if kind not in KINDS:
        raise UnknownName(kind, KINDS, "kind of claim", row.place("kind"))
    for column in ("unit", "source_publisher", "confidence"):
        if not row.text(column):
            raise BadValue(f"column '{column}' is blank", place=row.place(column), remedy="every claim needs one")
    if row.number("value") is None and (row.number("low") is None or row.number("high") is None):
        raise BadValue("neither a value nor a range", place=row.place("value"), remedy="write value, or low and high")
    return claim(
        row,
        document="overlay",
        extractor="overlay/1",
        kind=kind,
        parameter=parameter,
        access=row.text("access") or "derived",
        known=row.day("known") or date(1900, 1, 1),
        **{name: row.text(name) for name in ("subject", "place", "stage", "material", "basis", "period")},
    )
