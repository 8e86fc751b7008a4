"""Home to the command: `python -m bench [--quick] [--write] [--only ROOM]` measures, prints, and writes the page."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from bench.table import Section, as_markdown, as_text

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    made = argparse.ArgumentParser(prog="python -m bench", description="Measure Ytterby on this machine.")
    made.add_argument("--quick", action="store_true", help="fewer sizes and draws; what is extrapolated says so")
    made.add_argument("--only", choices=sorted(ROOMS), help="measure one room only; --write then renews its sections")
    made.add_argument("--write", action="store_true", help="also write docs/benchmarks.md")
    return made


def evidence(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """Reading: how right, how faithful, how findable, how fast."""
    from bench import briefs, claims, duplicates, reading, search

    yield claims.scored(quick)
    yield briefs.scored(quick)
    yield from search.sections(quick)
    yield from duplicates.sections(quick)
    yield reading.speeds(quick)
    yield reading.shared(quick)


def law(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """Verdicts on tables, and bills of materials."""
    from bench import exposure, verdicts

    yield verdicts.verdicts(quick)
    yield exposure.section(quick)


def model(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """The chain model."""
    from bench import report

    for step in (report.wholes, report.blocks, report.race, report.device, report.memory, report.worlds, report.growth):
        yield step(quick)


def looked_at(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """The desk, in a browser and under load, and the watch behind it."""
    from bench import desk

    yield from desk.sections(quick)


def custody(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """Tracking: events captured, kills and flipped bits, shipments at the gate, lots traced, diversions found."""
    from bench import ancestry, broken, diversions, gated
    from bench import custody as capturing

    for part in (capturing, broken, gated, ancestry, diversions):
        yield from part.sections(quick)


def decisions(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """What moves an outcome, what to buy, what to build, what to trade."""
    from bench import decisions as decided

    yield from decided.sections(quick)


def economy(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """Input-output dynamics, against its peer."""
    from bench import economy as dynamics

    yield from dynamics.sections(quick)


def peers(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """The programs of the field at their own work; the economy's and the genealogy's stand in their rooms."""
    from bench import peers as field

    yield from field.sections(quick)


ROOMS: dict[str, Callable[[bool], Iterator[Section]]] = {
    "evidence": evidence,
    "law": law,
    "model": model,
    "desk": looked_at,
    "custody": custody,
    "decisions": decisions,
    "economy": economy,
    "peers": peers,
}


def sections(quick: bool, only: str | None = None) -> Iterator[Section]:  # noqa: FBT001
    """Each table as soon as it is measured."""
    from bench import machine

    yield machine.described()
    if only == "peers":
        from bench import ancestry

        yield from economy(quick)
        yield from ancestry.sections(quick)
    for name, room in ROOMS.items():
        if only in (None, name):
            yield from room(quick)


def page(made: Sequence[Section], command: str) -> str:
    """docs/benchmarks.md."""
    head = (
        f"# Benchmarks\n\nWritten by `{command}` on {date.today().isoformat()}; every figure is from this one run, "
        "but for sections that say they were measured again. "
        "Nothing here is asserted by a test: a machine shared with others is slower than one alone.\n"
    )
    return "\n".join([head, *(as_markdown(section) for section in made)]).rstrip() + "\n"


def renewed(told: str, made: Sequence[Section]) -> str:
    """The page with the sections of one room measured again, each marked with the day; new ones stand at its end."""
    head, *parts = told.split("\n## ")
    fresh = {section.title: as_markdown(section).removeprefix("## ").rstrip() for section in made}
    day = f"\n\nMeasured again by itself on {date.today().isoformat()}.\n"
    kept = [fresh.pop(title) + day if (title := part.partition("\n")[0]) in fresh else part for part in parts]
    kept += [section + day for section in fresh.values()]
    return "\n## ".join([head, *kept]).rstrip() + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    given = parser().parse_args(arguments)
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    try:
        import numba  # noqa: F401
    except ImportError:
        sys.stderr.write("numba is not installed: python -m pip install 'ytterby[bench]'\n")
        return 1
    made = []
    for section in sections(given.quick, given.only):
        print(as_text(section), end="\n\n", flush=True)
        made.append(section)
    if given.write:
        command = " ".join(["python -m bench", *(["--quick"] if given.quick else []), "--write"])
        told = page(made, command) if given.only is None else renewed(PAGE.read_text(encoding="utf-8"), made[1:])
        PAGE.write_text(told, encoding="utf-8")
        print(f"written: docs/{PAGE.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
