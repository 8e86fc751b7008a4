"""Home to the balance of matter: mine to magnet by element, and what the run leaves unexplained."""

from __future__ import annotations

from ytterby.findings import wording
from ytterby.findings.ground import Ground
from ytterby.report import Section, Table
from ytterby.world import checks


def section(ground: Ground) -> Section:
    """The balance as a table."""
    balance = checks.balance(ground.network)
    rows = [
        (
            str(r["element"]),
            _stage(str(r["stage"])),
            float(r["value"]),
            str(r["unit"]),
            r["other"],
            _gap(r["gap"]),
            _gap(r["assumed"]),
        )
        for r in balance
        if r["value"]
    ]
    residual = ground.run.mass_residual
    widest = max((abs(r["gap"]) for r in balance if r["gap"] is not None), default=0.0)
    reasons = tuple(dict.fromkeys(str(r["source"]) for r in balance if r["source"]))
    return Section(
        f"No matter is made: at most {residual:.1g} of an element's flow is unexplained in any step",
        "The world of 2024 at rest, all demand met, beside totals from elsewhere; the widest gap is "
        f"{wording.percent(widest)}.",
        table=Table(
            ("Element", "Stage", "Value", "Unit, a year", "Total elsewhere", "Gap", "Through assumed plants"), rows
        ),
        sources=(ground.by_itself, *(f"totals: {r}" for r in reasons[:5])),
        anchor="balance",
        note="" if len(reasons) <= 5 else f"{len(reasons) - 5} more reasons for totals stand in the table totals.csv.",
    )


def _stage(stage: str) -> str:
    head, _, code = stage.rpartition(" to ")
    return f"{head} to {wording.short_place(code)}" if head and len(code) == 2 else stage


def _gap(value: float | None) -> str | None:
    return None if value is None else wording.percent(float(value))
