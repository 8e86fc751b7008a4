"""Home to the answers: the figures of the documents a scenario answers to, beside what the run says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ytterby.evidence.claims import Claim
from ytterby.findings import wording
from ytterby.findings.exports import magnets, printed
from ytterby.findings.ground import Floats, Ground, points, title
from ytterby.findings.plants import BASE
from ytterby.findings.selfmade import supply
from ytterby.findings.shortyear import first_short
from ytterby.report import Section, Table
from ytterby.world.balance import running, steady

Said = tuple[str, ...]
INPUT = "taken as an input, not computed"
SILENT = "the run says nothing of it"


def section(ground: Ground) -> Section | None:
    """A row for each figure; None where the scenario names none."""
    named = ground.plan.get("answers") or []
    if not named:
        return None
    rows, used, doubtful = [], [], set()
    for index, answer in enumerate(named):
        claims = _claims(ground, answer)
        used += claims
        if any(c.assumed for c in claims):
            doubtful.add(index)
        said = ANSWERS.get(str(answer.get("claim") or ""), _input)(ground)
        rows.append((str(answer["text"]), "; ".join(_figure(c) for c in claims) or "–", said or SILENT, _by(claims)))
    answered = sum(row[2] not in (SILENT, INPUT) for row in rows)
    return Section(
        f"{answered} of {len(rows)} figures it was asked about can be set beside the run",
        ground.plan["question"],
        table=Table(("Asked about", "What is said", "What the run says", "Said by"), rows, assumed=frozenset(doubtful)),
        sources=(*ground.cite(used), ground.by_itself),
        anchor="answers",
        note="Assumed here: read in a digest or from memory, or of grade C.",
    )


def _claims(ground: Ground, answer: Mapping[str, Any]) -> list[Claim]:
    names = [f"press:{answer['claim']}"] if answer.get("claim") else []
    names += [str(answer["parameter"])] if answer.get("parameter") else []
    found = [claim for name in names for claim in ground.by_parameter.get(name, ())]
    return list({_figure(claim): claim for claim in found}.values())[:3]


def _figure(claim: Claim) -> str:
    said = claim.quote or claim.subject
    if claim.value is None:
        return said
    value = f"{100 * claim.value:.3g}\u00a0%" if claim.unit == "share" else _plain(claim)
    spread = f" ({wording.amount(claim.low)} to {wording.amount(claim.high)})" if claim.low and claim.high else ""
    return f"{said}: {value}{spread}"


def _plain(claim: Claim) -> str:
    if claim.unit in ("year", ""):
        return f"{claim.value:g}"
    plural = "s" if claim.unit in ("day", "month", "week") and claim.value != 1.0 else ""
    return f"{wording.amount(float(claim.value or 0.0))} {claim.unit}{plural}"


def _by(claims: list[Claim]) -> str:
    return "; ".join(dict.fromkeys(title(c) for c in claims)) or "–"


def _input(_: Ground) -> str:
    return INPUT


def _spread(values: Floats, unit: str = "") -> str:
    at = points(values)
    return (
        f"{wording.amount(at['median'])} {unit} (90\u00a0%: {wording.amount(at['p05'])} – {wording.amount(at['p95'])})"
    )


def _share(values: Floats) -> str:
    at = points(values)
    return f"{wording.percent(at['median'])} (90\u00a0%: {wording.percent(at['p05'])} – {wording.percent(at['p95'])})"


def _review(ground: Ground) -> str:
    values = ground.drawn.get("licensing:review_days")
    return "" if values is None else f"review takes {_spread(values, 'days')}"


def _growth(ground: Ground) -> str:
    controls = ground.controls
    before = printed(ground, str(controls.year - 1)) if controls else None
    if controls is None or before is None or controls.year not in ground.years:
        return ""
    total = ground.by_year(magnets(ground))[ground.years.index(controls.year)]
    return f"all magnets, {controls.year} against {controls.year - 1}: {_share(total / before[0] - 1.0)}"


def _f35(ground: Ground) -> str:
    rows = [k for k, g in enumerate(ground.run.info["groups"]) if g["product"] == "defence.f35"]
    if not rows:
        return ""
    first = ground.run.array("first_slow")[rows].min(axis=0).astype(float)
    share = float(np.isfinite(first).mean())
    at = points(first)
    when = f", by the median on {ground.told(at['median'])}" if np.isfinite(at["median"]) else ""
    return f"its lines slow in {wording.percent(share)} of the draws{when}"


def _chinese(stage: str) -> Callable[[Ground], str]:
    def said(ground: Ground) -> str:
        n = ground.network
        able = running(n, BASE)
        at = (np.array(n.facility_stage) == stage) & np.isfinite(able)
        china = at & (n.facility_region == n.regions.index("CN"))
        return f"{wording.percent(float(able[china].sum() / able[at].sum()))} of capacity in 2024"

    return said


def _heavy(ground: Ground) -> str:
    n = ground.network
    made = n.output_coef * steady(n, BASE).activity[n.output_activity]
    material = np.array(n.materials)[n.out_slot_material[n.output_slot]]
    heavy = np.isin(material, ("oxide.Dy", "oxide.Tb"))
    china = n.facility_region[n.activity_facility[n.output_activity]] == n.regions.index("CN")
    total = float(made[heavy].sum())
    return (
        f"{wording.percent(float(made[heavy & china].sum()) / total)} of Dy and Tb oxide made in 2024" if total else ""
    )


def _first_year(ground: Ground) -> str:
    found = first_short(ground, "NdPr")
    if found is None:
        return ""
    at, last = points(found.first), found.years[-1]
    word = [str(int(at[q])) if np.isfinite(at[q]) else f"not by {last}" for q in ("median", "p05", "p95")]
    return f"{word[0]} (90\u00a0%: {word[1]} – {word[2]})"


def _double(ground: Ground) -> str:
    found = first_short(ground, "NdPr")
    if found is None or 2030 not in found.years or not ground.controls or ground.controls.year not in ground.years:
        return ""
    weight = ground.contained(("Nd", "Pr"))
    wanted = ground.by_year(np.einsum("g,gpd->pd", weight, ground.demand))
    now, then = (wanted[ground.years.index(y)] for y in (ground.controls.year, 2030))
    return f"NdPr wanted in products in 2030 over {ground.controls.year}: {_spread(then / now, 'times')}"


def _kilograms(ground: Ground) -> str:
    values = ground.drawn.get("path:robot.humanoid:all:kg")
    return "" if values is None else f"{_spread(values, 'kg')}, {INPUT}"


def _own(ground: Ground) -> str:
    found = supply(ground, "US")
    if found is None:
        return ""
    return f"own plants' ceiling, mine to magnet, in {found.years[-1]}: {_share(found.whole[-1])} of magnets wanted"


ANSWERS: dict[str, Callable[[Ground], str]] = {
    "s0_weeks": _review,
    "s1_mag90": _chinese("magnet"),
    "s2_ref92": _chinese("separation"),
    "s2_heavy99": _heavy,
    "s2_f35": _f35,
    "s4_exp128": _growth,
    "s4_2037": _first_year,
    "s4_double": _double,
    "s4_kg": _kilograms,
    "s4_us20": _own,
}
"""Press claim → what a run says of the same thing; an empty text where this run cannot."""
