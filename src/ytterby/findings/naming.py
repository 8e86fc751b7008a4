"""Home to the names of inputs: what a parameter is called in a sentence, and where its figure comes from."""

from __future__ import annotations

from functools import cache

from ytterby.findings.ground import Ground
from ytterby.findings.wording import label
from ytterby.world.inputs import named


def parameter(ground: Ground, name: str) -> str:
    """A parameter in words."""
    if (known := named(name)) is not None:
        return known.en
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
