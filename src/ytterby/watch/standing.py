"""Home to how a scenario stands: the claims, the world and the licensing fit it would be run on now, and that run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ytterby.evidence import naming, weigh
from ytterby.evidence.claims import Claim
from ytterby.project.runs import CARRIED, LICENSING_FIT
from ytterby.watch import observing
from ytterby.watch.workflows import Rerun
from ytterby.world import build, overlay, scenarios
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.run.ensemble import Progress
    from ytterby.run.fits import Fitted
    from ytterby.run.observations import Observation
    from ytterby.run.record import Run


@dataclass(frozen=True)
class Standing:
    """What a scenario would be run on."""

    plan: Scenario
    network: Network
    world: str
    """Hash of the network."""
    claims: str
    """Hash of the claims weighed."""
    observed: tuple[Observation, ...]
    """What its licensing fit is carried on with."""
    weighed: dict[str, weigh.Weighed]
    left_out: tuple[str, ...] = ()
    """What was read and cannot reach this scenario, with why."""

    @property
    def used(self) -> frozenset[str]:
        """Ids of the read claims that the licensing takes in."""
        told = (event.source.removeprefix("claim ") for event in self.plan.events if event.name.startswith("read-"))
        return frozenset((*(one.claim for one in self.observed), *told))

    @property
    def mark(self) -> str:
        """The same for two standings that give the same numbers."""
        from ytterby.run.carrying import name_of

        events = ";".join(event.model_dump_json() for event in self.plan.events if event.name.startswith("read-"))
        return f"{self.world}|{name_of(self.observed)}|{events}"


def standing(project: Project, asked: Rerun, claims: Sequence[Claim]) -> Standing:
    """How a scenario of a workflow stands on some claims.

    Raises:
        InputError: the scenario or the overlay is refused.
    """
    from ytterby.run.record import fingerprint

    plan = project.scenario(asked.name).with_levers(asked.levers)
    if asked.known == "newest":
        plan = _known_now(plan, claims)
    weighed = weigh.weigh(claims, plan.world_known)
    laid = overlay.load(project.path / "overlay")
    network = build.build(weighed, plan.world_known, laid, plan.demand_path)
    observed: tuple[Observation, ...] = ()
    left: list[str] = []
    if asked.approvals == "fit":
        observed = observing.observed(claims, plan)
        said = len(observing.told(claims))
        left = [f"{said - len(observed)} figures on licences speak of days outside the scenario"] * (
            said > len(observed)
        )
    elif asked.approvals == "event":
        there = observing.events(claims, plan)
        usable = tuple(event for event in there if event.region is None or event.region in network.regions)
        left = [f"the model has no region {event.region}" for event in there if event not in usable]
        plan = plan.model_copy(update={"events": (*plan.events, *usable)})
    world = fingerprint(network)
    return Standing(plan, network, world, weigh.claim_set(claims, plan.world_known), observed, weighed, tuple(left))


def _known_now(plan: Scenario, claims: Sequence[Claim]) -> Scenario:
    """The scenario with its day of knowledge moved along to the newest accepted claim that was read, today at most."""
    days = [observing.known(c) for c in claims if c.status == "accepted" and naming.is_read(c)]
    newest = min(max((day for day in days if day is not None), default=plan.known), date.today())
    update = {"known": max(plan.known, newest), "world_known": max(plan.world_known, newest)}
    return plan.model_copy(update=update)


def fit(project: Project, now: Standing, progress: Progress | None = None) -> Fitted | None:
    """The licensing fit of a standing: the project's or the package's, carried on with what was observed since."""
    from ytterby.run import carrying, fits

    own = project.path / "fits"
    base = fits.find(now.plan.id, own) or fits.find(LICENSING_FIT, own)
    if base is None or str(base.about["until"]) > now.plan.known.isoformat():
        return None  # what was observed later must not speak for that day
    fitted_on = {str(one["name"]) for one in base.about.get("observations", ())}
    observed = [one for one in now.observed if one.name not in fitted_on]
    if not observed:
        return base
    folder = project.path / CARRIED / carrying.name(base, now.plan, observed)
    path = folder / f"{base.scenario}.json"
    if not path.is_file():
        law = scenarios.instruments(now.plan, project.path)
        fits.save(carrying.carry(now.network, now.plan, base, observed, instruments=law, progress=progress), folder)
    # Read back: a fit on file is rounded, and its hash is that of the rounded one.
    return fits.load(path)


def forecast(
    project: Project, now: Standing, asked: Rerun, fitted: Fitted | None, progress: Progress | None = None
) -> Run:
    """The run of a standing, kept among the project's runs; one that is there is not run again."""
    from ytterby.run.forecast import forecast as run

    return run(
        now.network,
        now.plan,
        project.path / "runs",
        draws=asked.draws,
        seed=asked.seed,
        fitted=fitted,
        claims=now.claims,
        levers=asked.levers,
        instruments=scenarios.instruments(now.plan, project.path),
        progress=progress,
    )


def settings(asked: Rerun) -> dict[str, Any]:
    """What two runs must have in common to be compared."""
    return asked.model_dump(mode="json")
