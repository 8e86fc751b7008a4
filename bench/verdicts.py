"""Home to verdicts: shipments judged per second, in one table and one by one, and the milliseconds of one check.

The table is drawn at random from forms, elements, countries, ends and parties, each row on its own day of three years.
Beside it stand the same judge row by row, and the same law written in plain Python.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from bench import plainlaw
from bench.stopwatch import median
from bench.table import Section

ROWS = 100_000
ALONE = 50
KNOWN = date(2026, 11, 21)
FIRST = date(2024, 1, 1)


def table(rows: int, seed: int = 7) -> dict[str, list[Any]]:
    """Columns of a table of shipments, as `ytterby.rules.tabled` takes them."""
    dice = np.random.default_rng(seed)

    def pick(*words: Any) -> list[Any]:
        return [words[at] for at in dice.integers(0, len(words), rows).tolist()]

    return {
        "item.form": pick("magnet", "oxide", "metal", "alloy", "target", "assembly"),
        "item.composition.Nd": pick(0.3, 0.2, 0.0),
        "item.composition.Dy": pick(0.0, 0.0, 0.02, 0.0005),
        "item.composition.Tb": pick(0.0, 0.0, 0.01),
        "item.composition.Ho": pick(0.0, 0.0, 0.0, 0.01),
        "origin": pick("CN", "CN", "JP", "DE"),
        "from": pick("CN", "CN", "JP", "DE", "MY"),
        "to": pick("DE", "US", "JP", "KR", "FR"),
        "technology_origin": pick("CN", "JP", ""),
        "end_use": pick("civil", "civil", "civil", "military", "chips_14nm", ""),
        "end_user": pick("Muster Motoren", "JAXA", "Subaru", "HENSOLDT AG", "Sakura Motor", ""),
        "china_value_share": pick(0.0005, 0.001, 0.2, None),
        "date": [FIRST + timedelta(days=day) for day in dice.integers(0, 3 * 365, rows).tolist()],
    }


def row(columns: dict[str, list[Any]], at: int) -> dict[str, Any]:
    """One row of the table as the facts of one transfer."""
    told: dict[str, Any] = {"item": {"composition": {}}}
    for name, cells in columns.items():
        if cells[at] in (None, "") or name == "date":
            continue
        *path, last = name.split(".")
        place = told
        for part in path:
            place = place.setdefault(part, {})
        place[last] = cells[at]
    return told


def verdicts(quick: bool) -> Section:  # noqa: FBT001
    """Verdicts per second in a table and one by one, and one whole check."""
    from ytterby.rules import facts, tabled
    from ytterby.rules import verdicts as law_of

    held = law_of.law(KNOWN)
    rows = ROWS // 5 if quick else ROWS
    columns = table(rows)
    tabled.verdicts(columns, held)
    whole = median(lambda: tabled.verdicts(columns, held), 3)
    told = [facts.of(row(columns, at)) for at in range(ALONE)]
    days = [columns["date"][at] for at in range(ALONE)]

    def alone() -> None:
        for one, day in zip(told, days, strict=True):
            law_of.judge(held, law_of.columns([one], [day]))

    each = median(alone, 3) / ALONE

    def plainly() -> None:
        for one, day in zip(told, days, strict=True):
            plainlaw.outcome(held, one, day)

    plain = median(plainly, 3) / ALONE
    check = median(lambda: law_of.under(held, told[0], days[0]), 9)
    side = median(lambda: law_of.readings(told[0], days[0], KNOWN), 5)
    return Section(
        "Verdicts",
        ("what", "time", "verdicts/s"),
        (
            (f"a table of {rows:,} shipments", f"{whole:.2f} s", f"{rows / whole:,.0f}"),
            (
                f"plain Python, clause by clause ({ALONE} rows, the outcome alone)",
                f"{plain * 1e3:.1f} ms each",
                f"{1 / plain:,.0f}",
            ),
            (f"the same judge, row by row ({ALONE} rows)", f"{each * 1e3:.1f} ms each", f"{1 / each:,.0f}"),
            ("one check with reasons and next change", f"{check * 1e3:.0f} ms", ""),
            ("one check under all three readings, the law read anew", f"{side * 1e3:.0f} ms", ""),
        ),
        (f"{len(held.spoken)} clauses on shipments, {len(held.lists)} lists of parties; one core",),
    )
