"""Home to the answer on stockpiles and requisition: policies side by side, as plain data, with the finding in words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ytterby.decisions import kept
from ytterby.decisions.kept import Decision
from ytterby.decisions.stockpile import comparing, policies
from ytterby.decisions.stockpile.policies import Policy, Schedule
from ytterby.run import record
from ytterby.run.chain import events
from ytterby.run.metrics import quantiles
from ytterby.run.trials import Trial
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.terms.places import place
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario


@dataclass(frozen=True, slots=True)
class Question:
    """All that was asked."""

    scenario: Scenario
    region: str
    schedule: Schedule
    draws: int
    seed: int

    @property
    def policies(self) -> tuple[Policy, ...]:
        """What is compared, plain things first."""
        return policies.all_of(self.schedule)

    @property
    def plans(self) -> list[Scenario]:
        """The scenario under each."""
        return [policies.laid(self.scenario, self.region, self.schedule, one) for one in self.policies]


def checked(asked: Question, network: Network) -> Question:
    """The question, found to name what the network has.

    Raises:
        UnknownName: a region or material it does not have.
        BadValue: a region whose makers use no magnets, or a release of what nobody in the region uses.
    """
    n = network
    if asked.region not in n.regions:
        raise UnknownName(asked.region, n.regions, what="region", place="stockpile")
    for material in asked.schedule.tonnes:
        if material not in n.materials:
            raise UnknownName(material, n.materials, what="material", place="buy")
        if asked.schedule.release and not events.users(material, asked.region, n).any():
            remedy = "leave out the release, or buy what its plants and makers use"
            raise BadValue(f"no plant or maker in {asked.region} uses {material}", place="release", remedy=remedy)
    users = {n.regions[r] for r, magnet in zip(n.group_region, n.group_magnet, strict=True) if magnet}
    if asked.region not in users:
        known = ", ".join(sorted(users))
        raise BadValue(f"no maker in {asked.region} uses magnets", place="region", remedy=f"name one of {known}")
    return asked


def inputs(asked: Question, network: Network, claims: str, fit: str) -> dict[str, Any]:
    """What an answer is made from, by hash where it is long."""
    s = asked.schedule
    return {
        "scenario": asked.scenario.id,
        "scenario_hash": hashlib.sha256(asked.scenario.model_dump_json().encode()).hexdigest()[:16],
        "network": record.fingerprint(network),
        "claims": claims,
        "fit": fit,
        "code": record.code(),
        "region": asked.region,
        "buy": dict(s.tonnes),
        "from": s.start.isoformat(),
        "until": s.until.isoformat(),
        "release": s.release.isoformat() if s.release else None,
        "over": s.over,
        "draws": asked.draws,
        "seed": asked.seed,
    }


def answer(asked: Question, network: Network, trials: list[Trial]) -> tuple[dict[str, str], dict[str, Any]]:
    """The finding, by language, and the answer as plain data."""
    since = min(asked.schedule.start, policies.begins(asked.scenario, asked.region, asked.schedule))
    rows = []
    for policy, trial in zip(asked.policies, trials, strict=True):
        buys = policy.holding != policies.HOLDINGS[0]
        rows.append(
            {
                "policy": policy.name,
                "rule": policy.rule,
                "holding": policy.holding,
                **comparing.totals(trial, network, asked.region, since),
                "products": comparing.rows(trial, network, asked.region, since),
                "paid": quantiles(comparing.paid(trial, network, asked.schedule.tonnes)) if buys else None,
                "bought": comparing.purchases(trial, network, asked.schedule.tonnes) if buys else {},
            }
        )
    told = {
        "region": asked.region,
        "since": since.isoformat(),
        "until": asked.scenario.end.isoformat(),
        "policies": rows,
    }
    return titles(told), told


def titles(told: Mapping[str, Any]) -> dict[str, str]:
    """What the rule, the stockpile and both together do to military and civil makers, by language."""
    first = told["policies"][0]
    ruled = next(row for row in told["policies"] if row["rule"] == policies.RULES[1] and not row["paid"])
    last, both = (next(row for row in reversed(told["policies"]) if row["rule"] == rule) for rule in policies.RULES)
    where = place(told["region"])
    pay = (last["paid"] or {"median": 0.0})["median"] / 1e6
    pairs = [(row["military"]["median"], row["civil"]["median"]) for row in (first, ruled, last, both)]
    (m0, c0), (m1, c1), (m2, c2), (m3, c3) = [tuple(f"{100 * value:.1f}\u00a0%" for value in pair) for pair in pairs]
    handed = last["holding"] == policies.HOLDINGS[2]
    name = f"the {where.en}" if where.en.startswith(("United", "European")) else where.en
    return {
        "en": (
            f"In {name} military makers miss {m0} of their magnets and civil ones {c0}; military first makes it {m1} "
            f"and {c1}, a stockpile of ${pay:,.0f} m{' handed out to them' if handed else ''} {m2} and {c2}, both "
            f"{m3} and {c3}"
        ),
        "zh": (
            f"{where.zh}军用厂商缺磁体 {m0}，民用 {c0}；军用优先后为 {m1} 与 {c1}，"
            f"花费 {pay / 100:,.2f} 亿美元{'收储并投放' if handed else '储备'}后为 {m2} 与 {c2}，"
            f"两者并用为 {m3} 与 {c3}"
        ),
    }


def keep(folder: Path, told: dict[str, Any], said: Mapping[str, str], found: dict[str, Any]) -> Decision:
    """The answer on file."""
    return kept.keep(folder, "stockpile", told, said, "", kept.finite(found))
