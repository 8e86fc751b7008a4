"""Home to planted diversions: how many are found, how soon, and how many alarms are false.

Runnable alone: ``python -m bench.diversions [--quick]``. Twelve months of events of the baseline world are written as
EPCIS 2.0, captured through the real door, and looked through by all detectors with the licences, the law and the lists
at hand.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.table import Section, as_text

SIZES = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
WEEKS = 52
DAY = 86_400e6
AIM_SIZE, AIM_RECALL, AIM_FDR = 0.02, 0.9, 0.05
NOISE = ("weighing", "assay", "batch_yield", "counting")
MISTAKES = ("slips", "missing", "twice", "late")


@dataclass(frozen=True)
class Found:
    """One planted diversion and what became of it."""

    kind: str
    size: float
    days: float | None
    """From its first event to the first alarm that names its facility; None where there was none."""
    door: bool = False
    """Whether the door found it first: an event of it was refused."""


@dataclass
class Year:
    """What a year gave."""

    events: int = 0
    refused: int = 0
    honest_refused: int = 0
    """Events refused of facilities that divert nothing."""
    true: int = 0
    false: list[str] = field(default_factory=list)
    records: int = 0
    found: list[Found] = field(default_factory=list)
    seconds: float = 0.0
    """Of movements, balance and alarms."""


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """Recall by size and kind, the null year, and the same with twice the noise."""
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name))
        seeds = (1,) if quick else (1, 2, 3, 4)
        plain = [home.year(seed, planted=True) for seed in seeds]
        null = [home.year(100 + seed, planted=False) for seed in seeds[: 1 if quick else 2]]
        yield recall("Planted diversions found, by size", plain, by_size=True)
        yield recall("Planted diversions found, by kind (2 % of the flow and more)", plain, by_size=False)
        yield falsehoods(plain, null)
        if not quick:
            loud = [home.year(seed, planted=True, times=2.0) for seed in seeds[:1]]
            quiet = [home.year(100 + seed, planted=False, times=2.0) for seed in seeds[:1]]
            yield recall("The same with twice the noise and twice the mistakes", loud, by_size=True)
            yield falsehoods(loud, quiet, "False alarms with twice the noise")


class Home:
    """A project and its world's traffic, made once."""

    def __init__(self, folder: Path) -> None:
        import ytterby
        from ytterby.emission.registers import registry
        from ytterby.run.traffic import traffic

        self.folder = folder
        self.project = ytterby.init(folder / "project")
        self.traffic = traffic(self.project.world(), self.project.scenario("baseline"), WEEKS)
        self.registry = registry(self.traffic)
        self.law = self.project.law()

    def year(self, seed: int, *, planted: bool, times: float = 1.0) -> Year:
        """One year: emitted, captured, looked through."""
        from ytterby.custody.alarms.finding import alarms
        from ytterby.custody.balance import ground
        from ytterby.custody.book import Book
        from ytterby.custody.capture import capture
        from ytterby.emission import plan, writing
        from ytterby.emission.suspects import suspects
        from ytterby.emission.year import year
        from ytterby.rules import parties

        chosen = plan.plant(suspects(self.traffic), SIZES, seed=seed, each=1, weeks=WEEKS) if planted else ()
        usual = plan.Noise()
        noise = replace(usual, **{name: getattr(usual, name) * times for name in (*NOISE, *MISTAKES)})
        made = year(self.traffic, chosen, noise, seed=seed)
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            path = Path(name) / "events.jsonl"
            with path.open("wb") as file:
                file.writelines(writing.lines(made))
            captured = capture(Path(name) / "custody", [path])
            started = time.perf_counter()
            book = Book.open(Path(name) / "custody" / "book")
            found = alarms(ground(book, self.registry, writing.permits(made), self.law, parties.load()))
            seconds = time.perf_counter() - started
            book.close()
        refused = {one.id for one in captured.refused}
        return _scored(made, found, refused, seconds)


def _scored(made, found, refused: set[str], seconds: float) -> Year:  # type: ignore[no-untyped-def]
    """An alarm is true where it names a facility that diverts, or who trades with it, after it began to; a diversion is
    found where an alarm is raised at its own facility, or one of its events is refused.
    """
    begun = {one.planted.facility: one.started for one in made.truths if one.mass > 0}
    told = Year(events=len(made.events), refused=len(refused), seconds=seconds)
    when = {event.id: event.time for _, event in made.events}
    for alarm in found:
        if alarm.grade == "record":
            told.records += 1
        elif any(begun.get(name, alarm.called + 1) <= alarm.called for name in (alarm.facility, alarm.counterpart)):
            told.true += 1
        else:
            told.false.append(f"{alarm.kind} at {alarm.facility}: {alarm.why}")
    diverted = {event for one in made.truths for event in one.events}
    places = {event.id: event.location.rpartition("/")[2] for _, event in made.events if event.id in refused}
    told.honest_refused = sum(one not in diverted and places.get(one) not in begun for one in refused)
    for one in made.truths:
        if one.mass <= 0:
            continue
        alarmed = [a.called for a in found if a.grade != "record" and a.facility == one.planted.facility]
        called = min((t for t in alarmed if t >= one.started), default=None)
        door = min((when[event] for event in one.events if event in refused), default=None)
        first = min((t for t in (called, door) if t is not None), default=None)
        days = None if first is None else (first - one.started) / DAY
        told.found.append(Found(one.planted.kind, one.planted.size, days, door is not None and door == first))
    return told


def recall(title: str, years: Sequence[Year], *, by_size: bool) -> Section:
    """Recall, and the median time to detection, by size or by kind."""
    every = [one for year in years for one in year.found]
    groups: list[tuple[str, list[Found]]] = (
        [(f"{100 * size:g} %", [one for one in every if one.size == size]) for size in SIZES]
        if by_size
        else [
            (kind, [one for one in every if one.kind == kind and one.size >= AIM_SIZE])
            for kind in sorted({one.kind for one in every})
        ]
    )
    aimed = [one for one in every if one.size >= AIM_SIZE]
    groups.append((f"all of {100 * AIM_SIZE:g} % and more", aimed))
    rows = tuple(_row(name, found) for name, found in groups)
    reached = sum(one.days is not None for one in aimed) / max(len(aimed), 1)
    true, false = sum(year.true for year in years), sum(len(year.false) for year in years)
    rate = false / max(true + false, 1)
    notes = [
        f"{len(years)} years of about {statistics.mean(year.events for year in years):,.0f} events in 52 weeks of the "
        f"baseline world; false discoveries {false} of {true + false} alarms ({100 * rate:.1f} %); recall of "
        f"2 % and more {reached:.2f}; aimed at: {AIM_RECALL} at a rate of at most {AIM_FDR:.0%}",
        "the share is of the facility's own flow; diversions through which nothing passed are left out",
        "noise is assumed (here before any doubling): a weighing 0.1 %, an assay 0.4 %, a batch's yield 0.4 %, "
        "a count 0.2 %; mistakes in 4 of 10,000 events each",
    ]
    return Section(
        title, ("", "planted", "found", "recall", "at the door", "median days", "90 % within"), rows, tuple(notes)
    )


def _row(name: str, found: Sequence[Found]) -> tuple[str, ...]:
    days = sorted(one.days for one in found if one.days is not None)
    if not found:
        return (name, "0", "", "", "", "", "")
    late = f"{days[min(int(0.9 * len(days)), len(days) - 1)]:,.0f}" if days else ""
    middle = f"{statistics.median(days):,.0f}" if days else ""
    door = sum(one.door for one in found)
    return (name, str(len(found)), str(len(days)), f"{len(days) / len(found):.2f}", str(door), middle, late)


def falsehoods(
    planted: Sequence[Year], null: Sequence[Year], title: str = "False alarms, with diversions planted and without"
) -> Section:  # fmt: skip
    """How many alarms were false, and what honest firms had refused."""
    rows = []
    for name, years in (("diversions planted", planted), ("nothing planted", null)):
        for number, year in enumerate(years, 1):
            rows.append((
                f"{name}, year {number}", f"{year.events:,}", str(year.true), str(len(year.false)), str(year.records),
                f"{year.refused:,}", str(year.honest_refused), f"{year.seconds:.1f}",
            ))  # fmt: skip
    columns = ("", "events", "true alarms", "false", "of records", "refused", "of them honest", "seconds")
    notes = [
        "seconds: movements, balance and all detectors, of one core; alarms of records say that papers are incomplete"
    ]
    told = [one for year in (*planted, *null) for one in year.false]
    notes += [f"false: {one}" for one in told[:5]]
    return Section(title, columns, tuple(rows), tuple(notes))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m bench.diversions")
    parser.add_argument("--quick", action="store_true", help="one year with diversions and one without")
    for section in sections(parser.parse_args(arguments).quick):
        print(as_text(section), end="\n\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
