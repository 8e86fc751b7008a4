"""Home to the names of inputs: what a parameter is called in a sentence, and where its figure comes from."""

from __future__ import annotations

from functools import cache

from ytterby.findings.ground import Ground
from ytterby.findings.wording import label, short_place

_WORDS = {
    "licensing:review_days": "days of review",
    "licensing:apply_horizon_days": "days ahead for which buyers apply",
    "licensing:throughput_start": "what the desk decides a day at first",
    "licensing:throughput_growth": "growth of what the desk decides",
    "licensing:throughput_max": "most the desk can decide a day",
    "licensing:throughput_drift": "drift of the desk's pace",
    "licensing:grant_civil": "share granted, civil",
    "licensing:grant_military": "share granted, military",
    "licensing:hold_same_code": "free magnets held under the same customs code",
    "licensing:hold_delay_days": "days until customs hold free magnets too",
    "licensing:hold_release_days": "days until held free magnets pass again",
    "licensing:validity_days": "days a licence is valid",
    "licensing:patience_days": "patience of licensed buyers",
    "licensing:leak": "share diverted",
    "licensing:tracking_strength": "strength of tracking",
    "licensing:restock": "restocking after a stop",
    "licensing:import_demand": "demand abroad for Chinese magnets",
    "behaviour:stop_spread": "spread of makers' stocks",
    "behaviour:festival_rush": "orders before the New Year festival",
    "behaviour:handling_days": "days of handling",
    "behaviour:prepare_days": "days to prepare an application",
    "behaviour:order_cap": "largest order over expected use",
    "behaviour:smoothing_days": "days over which use is averaged",
    "behaviour:patience_days": "patience of buyers",
    "behaviour:invest_rate": "investment when prices double",
    "behaviour:substitution": "speed of substitution",
}


def parameter(ground: Ground, name: str) -> str:
    """A parameter in words."""
    if name in _WORDS:
        return _WORDS[name]
    if name.startswith("licensing:destination_speed:"):
        return f"pace of files for {short_place(name.rpartition(':')[2])}"
    if name.startswith("licensing:drift:"):
        return f"turn {int(name.rpartition(':')[2]) + 1} of the desk's random walk"
    if name.startswith("path:"):
        _, product, rest = name.split(":", 2)
        return f"kg of magnets: {label(product)}" if rest.endswith(":kg") else f"path of {label(product)}"
    subject = next((ground.by_id[c].subject for c, _ in ground.parameters[name].claims if c in ground.by_id), "")
    subject = subject or next((c.subject for c in ground.by_parameter.get(name, ()) if c.subject), "")
    kind, _, rest = name.partition(":")
    words = rest.replace("_", " ").replace(":", " ")
    return subject or (words if kind == "assume" else f"{kind}: {words}")


def source(ground: Ground, name: str) -> str:
    """Where a parameter's figure comes from: its claims' sources, the scenario's reason, or that it is assumed."""
    claims = [ground.by_id[c] for c, _ in ground.parameters[name].claims if c in ground.by_id]
    stated = _spread(ground, name)
    if stated.get("parameter"):
        claims += ground.by_parameter.get(str(stated["parameter"]), [])
    titles = ground.cite(claims)[:2]
    reason = str(stated.get("why") or "")
    named = "; ".join(t for t in titles if t)
    return "; ".join(w for w in (named, reason) if w) or "assumed: no source"


@cache
def _assumed() -> dict[str, str]:
    from ytterby.world import baseline

    return {line["parameter"]: line["why"] for line in baseline.load()["assumptions"]}


def _spread(ground: Ground, name: str) -> dict[str, object]:
    """The scenario's own entry for a parameter, with its reason."""
    kind, _, rest = name.partition(":")
    if kind == "licensing":
        found = ground.plan["licensing"]
        for part in rest.split(":"):
            found = found.get(part) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}
    if kind == "assume":
        return {"why": _assumed().get(name, "")}
    if kind == "event":
        return next((e["value"] for e in ground.plan["events"] if e["name"] == rest), {})
    return {}
