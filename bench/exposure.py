"""Home to the bench of exposure: a bill of a hundred thousand lines, exact, beside the same sums in floats."""

from __future__ import annotations

import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.table import Section
from ytterby.rules import bills, exposure

LINES = 100_000
ORIGINS = ("CN", "DE", "JP", "PL", "US", "VN")


@dataclass(frozen=True)
class Took:
    """Seconds of each part of one roll-up, and how far floats are off."""

    lines: int
    things: int
    parse: float
    roll_up: float
    margins: float
    floats: float
    exact: str
    """Chinese value share as a fraction."""
    apart: float
    """Float share less the exact one."""


def bill(path: Path, lines: int = LINES, seed: int = 1) -> Path:
    """A bill of seven levels with shared assemblies, written as CSV."""
    dice = random.Random(seed)
    levels = [1, 10, 50, lines // 100, lines // 25, lines // 8, lines // 2]
    heads = "parent,child,quantity,value_usd,mass_kg,origin,material,Nd,Dy"
    rows = [heads]
    used = 0
    for level in range(1, len(levels)):
        last = level == len(levels) - 1
        for number in range(levels[level]):
            told = ",,,,,"
            if last:
                magnet = number % 50 == 0
                told = f"{dice.randint(1, 99999) / 100},{dice.randint(1, 999) / 1000},{dice.choice(ORIGINS)},"
                told += "magnet.UH,0.28,0.03" if magnet else ",,"
            above = levels[level - 1]
            parent = number if number < above else dice.randrange(above)  # no assembly stays empty
            rows.append(f"p{level - 1}-{parent},p{level}-{number},{dice.randint(1, 6)},{told}")
            used += 1
    while used < lines:  # the same parts in other assemblies
        level = dice.randrange(1, len(levels))
        parent, child = dice.randrange(levels[level - 1]), dice.randrange(levels[level])
        rows.append(f"p{level - 1}-{parent},p{level}-{child},{dice.randint(1, 6)},,,,,,")
        used += 1
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def in_floats(one: bills.Bill, root: str, origin: str = "CN") -> float:
    """The value share of an origin, in floats."""
    amounts = dict.fromkeys(one.things, 0.0)
    amounts[root] = 1.0
    total = part = 0.0
    for name in bills.in_order(one, root):
        children = one.parts.get(name, ())
        for child, each in children:
            amounts[child] += amounts[name] * float(each)
        thing = one.things[name]
        if not children and thing.value is not None:
            value = amounts[name] * float(thing.value)
            total += value
            part += value if thing.origin == origin else 0.0
    return part / total


def measured(lines: int = LINES) -> Took:
    """One bill written, read, rolled up and held against every line."""
    with tempfile.TemporaryDirectory() as folder:
        path = bill(Path(folder) / "bill.csv", lines)
        start = time.perf_counter()
        read = bills.load(path)
        parsed = time.perf_counter()
    rolled = exposure.roll_up(read, "p0-0")
    rolled_up = time.perf_counter()
    rolled.margins("CN")
    done = time.perf_counter()
    floats = in_floats(read, "p0-0")
    finished = time.perf_counter()
    share = rolled.origin_share("CN")
    return Took(
        lines=lines,
        things=len(read.things),
        parse=parsed - start,
        roll_up=rolled_up - parsed,
        margins=done - rolled_up,
        floats=finished - done,
        exact=str(share.low),
        apart=floats - float(share.low),
    )


def section(quick: bool) -> Section:  # noqa: FBT001
    """The table of the page."""
    rows = []
    for lines in (10_000,) if quick else (10_000, LINES):
        one = measured(lines)
        seconds = (f"{took:.2f}" for took in (one.parse, one.roll_up, one.margins, one.floats))
        rows.append((f"{one.lines:,}", *seconds, f"{one.apart:.1e}"))
    return Section(
        "Exposure of a bill of materials",
        ("lines", "read s", "roll-up s", "six thresholds s", "floats s", "floats off by"),
        tuple(rows),
        notes=("seven levels with shared assemblies; all but the last two columns in exact fractions",),
    )
