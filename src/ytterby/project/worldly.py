"""Home to what custody takes from the world: facilities by their address there, and invented years of events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.terms.errors import BadValue

if TYPE_CHECKING:
    from ytterby.custody import registry as registers
    from ytterby.custody.book import Book
    from ytterby.project.custody import Custody
    from ytterby.project.opened import Progress
    from ytterby.project.runs import Runs

SIZES = (0.01, 0.02, 0.05, 0.1)
MOST_PLANTED, MOST_WEEKS = 200, 520


def completed(project: Custody, registry: registers.Registry, book: Book) -> registers.Registry:
    """The registry, and for addresses of the world's facilities that it does not name, what the world says of them."""
    from ytterby.custody.registry import BASE, Registry

    named = (book.names[table].name(code) for table in ("places", "parties") for code in range(len(book.names[table])))
    unknown = {one.removeprefix(BASE) for one in named if one.startswith(BASE) and registry.facility(one) is None}
    if not unknown:
        return registry
    from ytterby.emission.registers import facilities
    from ytterby.project.runs import Runs

    assert isinstance(project, Runs)
    held = {one.id for one in registry.facilities}
    more = [one for one in facilities(project.world()) if one.id in unknown - held]
    told = {name: getattr(registry, name) for name in type(registry).model_fields}
    return Registry.model_construct(**{**told, "facilities": (*registry.facilities, *more)})


def emitted(
    project: Runs, scenario: str, out: Path, planted: int, seed: int, weeks: int, progress: Progress | None
) -> dict[str, Any]:  # fmt: skip
    """Writes an invented year of a scenario's world into a new folder; see `Project.emit`."""
    from ytterby.emission import plan, writing
    from ytterby.emission.registers import registry
    from ytterby.emission.suspects import suspects
    from ytterby.emission.year import year
    from ytterby.run.traffic import traffic

    for value, least, most, what in ((planted, 0, MOST_PLANTED, "planted"), (weeks, 8, MOST_WEEKS, "weeks")):
        if not least <= value <= most:
            raise BadValue(f"{what} is {value}", place="emit", remedy=f"give a number from {least} to {most}")
    if seed < 0:
        raise BadValue(f"seed is {seed}", place="emit", remedy="give a number of 0 or more")
    if out.exists():
        raise BadValue("it is there already and is never written over", place=str(out), remedy="name a new folder")
    told = project.scenario(scenario)
    flows = traffic(project.world(), told, weeks)
    each = -(-planted // (len(SIZES) * len(plan.DIVERSIONS)))
    chosen = plan.plant(suspects(flows), SIZES, seed=seed, each=each, weeks=weeks) if planted else ()
    chosen = plan.thinned(chosen, planted, seed)
    made = year(flows, chosen, seed=seed, advance=progress)
    writing.write(made, registry(flows), out)
    return {
        "path": str(out),
        "events": len(made.events),
        "diversions": len(chosen),
        "mistakes": len(made.mistakes),
        "permits": len(made.permits),
        "files": sorted(one.name for one in out.iterdir()),
    }
