"""Home to the answer on file: what moves an outcome, with the words and the sources to say it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ytterby.decisions import kept
from ytterby.decisions.explain import naming
from ytterby.decisions.explain.asking import Explained, Plan, explain, to_dict
from ytterby.decisions.kept import Decision
from ytterby.evidence import weigh
from ytterby.evidence.claims import Claim
from ytterby.rules.clauses import Instrument
from ytterby.run import record
from ytterby.run.engines.contract import Machines
from ytterby.run.ensemble import Progress
from ytterby.run.fits import Fitted
from ytterby.run.gradient.objective import Asked
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

KIND = "explain"
QUOTE = 240
"""Characters of a sentence that are kept with the answer; its claim has all."""


def ask(
    folder: Path,
    network: Network,
    scenario: Scenario,
    asked: Asked,
    plan: Plan,
    *,
    claims: Sequence[Claim],
    fitted: Fitted | None,
    instruments: Sequence[Instrument] | None,
    progress: Progress | None = None,
    machines: Machines | None = None,
) -> Decision:
    """The answer to a question, computed where it was not before, and kept.

    Raises:
        InputError: the outcome, a number or a name is refused; nothing was kept.
    """
    made_of = {
        "scenario": scenario.id,
        "scenario_hash": hashlib.sha256(scenario.model_dump_json().encode()).hexdigest()[:16],
        "asked": asked.to_dict(),
        "draws": plan.draws,
        "slopes": plan.slopes,
        "sobol": plan.sobol,
        "candidates": plan.candidates,
        "seed": plan.seed,
        "network": record.fingerprint(network),
        "claims": weigh.claim_set(claims, scenario.world_known),
        "fit": fitted.hash if fitted else "",
        "code": record.code(),
    }
    known = kept.find(folder, KIND, made_of)
    if known is not None:
        return known
    weighed = weigh.weigh(claims, scenario.world_known)
    found = explain(
        network,
        scenario,
        asked,
        plan,
        fitted=fitted,
        instruments=instruments,
        claims_of={name: one.claims for name, one in weighed.items()},
        progress=progress,
        machines=machines,
    )
    answer = told(found, claims, scenario)
    return kept.keep(folder, KIND, made_of, title(answer), "", answer)


def told(found: Explained, claims: Sequence[Claim], scenario: Scenario) -> dict[str, Any]:
    """The answer with its names in both languages and the words of the claims behind it."""
    answer = to_dict(found)
    behind = {one.claim for one in found.sentences}
    known = {one.id: _claim(one) for one in claims if one.id in behind}
    figures: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for one in found.sentences:
        for name, weight in one.figures:
            figures[name].append((one.claim, weight))
    for row in answer["inputs"]:
        pairs = row["claims"] or figures.get(row["name"], [])
        row["claims"] = [list(pair) for pair in pairs]
        row["label"] = naming.parameter(row["name"], naming.sources(known, pairs), found.network)
    answer["claims"] = known
    answer["scenario_title"] = scenario.title.model_dump()
    return answer


def _claim(claim: Claim) -> dict[str, Any]:
    """What a reader needs to know a sentence by."""
    return {
        "document": claim.document,
        "passage": claim.passage,
        "publisher": claim.source.publisher,
        "title": claim.source.title,
        "date": claim.known.isoformat() if claim.known else "",
        "quote": claim.quote[:QUOTE],
        "subject": claim.subject,
        "object": claim.object,
        "access": claim.access,
        "confidence": claim.confidence,
        "assumed": claim.closure or claim.access == "recall" or claim.confidence == "C",
    }


NOTHING = ("No input moves {metric} in {scenario}", "在“{scenario}”中，没有输入会改变{metric}")
MOST = (
    "{input} moves {metric} most: by {size} {unit} per ±1σ",
    "{input}对{metric}影响最大：每 ±1σ 变动 {size}{unit}",
)
UNITS: Mapping[str, tuple[str, str]] = {
    "day": ("days", " 天"),
    "year": ("years", " 年"),
    "%": ("percentage points", " 个百分点"),
    "t": ("t", " 吨"),
    "USD/kg": ("USD/kg", " 美元/千克"),
}


def title(answer: Mapping[str, Any]) -> dict[str, str]:
    """The finding as a sentence, in both languages."""
    metric = naming.METRICS[answer["asked"]["metric"]]
    if not answer["inputs"] or not answer["inputs"][0]["typical"] > 0.0:
        titles = answer["scenario_title"]
        pairs = zip(("en", "zh"), NOTHING, metric, strict=True)
        return {lang: text.format(metric=word, scenario=titles[lang]) for lang, text, word in pairs}
    first = answer["inputs"][0]
    pairs3 = zip(("en", "zh"), MOST, metric, UNITS[answer["unit"]], strict=True)
    return {
        lang: _begun(text.format(input=first["label"][lang], metric=word, size=amount(first["typical"]), unit=unit))
        for lang, text, word, unit in pairs3
    }


def amount(value: float) -> str:
    """A number in three digits."""
    size = abs(value)
    if size >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if size >= 10.0 else f"{value:.2g}"


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
