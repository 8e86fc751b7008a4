"""Home to the report: what is measured at which sizes, and how it is said."""

from __future__ import annotations

from bench import growth as growing
from bench import memory as peaks
from bench import scene, speed, stopwatch, versus
from bench.table import Section
from ytterby.run.draws import CHUNK
from ytterby.run.ensemble import BLOCK

DRAWS = 1000
FEW = 256
COPIES = (1, 2, 4, 10, 21)
WIDTHS = (8, CHUNK, 128)
"""Worlds side by side, or links for one: to 49,245 links."""
BASE = 256
"""Draws from which two chunks are always in work, so that memory must not grow any more."""


def _world() -> str:
    sizes = scene.network().sizes()
    counted = (("link", "links"), ("facility", "facilities"), ("group", "products by country"))
    return "the package's world: " + ", ".join(f"{sizes[key]:,} {name}" for key, name in counted)


def wholes(quick: bool) -> Section:  # noqa: FBT001
    """Whole runs, kept on disk."""
    draws = FEW if quick else DRAWS
    runs = [
        speed.whole("april-2025", draws, DRAWS),
        speed.whole("baseline", draws, DRAWS),
        speed.whole("baseline", draws, DRAWS, "float32"),
    ]
    rows = tuple(
        (
            f"{run.scenario}, {run.wanted:,} draws x {run.years:.1f} years weekly",
            run.dtype,
            f"{'~' if run.draws < run.wanted else ''}{run.seconds:.1f}",
            f"{run.first:.1f}",
            f"{run.scenario_years:,.0f}",
            f"{run.link_steps:.2e}",
        )
        for run in runs
    )
    notes = [_world(), f"two worker threads, chunks of {CHUNK} draws; the run is written to disk as a user's is"]
    notes.append("rates are those after the first chunk, folding and writing included")
    if quick:
        notes.append(f"~ is extrapolated from {FEW} draws: time to the first chunk plus the time of each further one")
    columns = ("scenario", "precision", "seconds", "of it to 1st chunk", "scenario-years/s", "link-steps/s")
    return Section("Whole runs", columns, rows, tuple(notes))


def blocks(quick: bool) -> Section:  # noqa: FBT001
    """Compiled blocks of steps by precision and width."""
    few = [("float64", CHUNK), ("float32", CHUNK)]
    many = [("float64", 16), ("float64", 32), ("float64", 64), ("float32", 32), ("float32", 64), ("float32", 128)]
    paces = speed.blocks(few if quick else many, 5 if quick else 9)
    rows = tuple(
        (
            f"{pace.block.draws} draws",
            pace.dtype,
            f"{1e3 * pace.seconds / pace.block.steps:.2f}",
            f"{pace.block.link_steps(pace.seconds):.2e}",
            f"{pace.block.compiled_in:.1f}",
        )
        for pace in paces
    )
    notes = (
        f"the whole step of the baseline with all that is observed, {BLOCK} steps to a block, medians, taken in turns",
        "one block at a time, with the threads that XLA takes by itself",
    )
    return Section("Steps", ("width", "precision", "ms a step", "link-steps/s", "compiled in s"), rows, notes)


def race(quick: bool) -> Section:  # noqa: FBT001
    """The link part against a hand-written kernel and against memory."""
    told = versus.race(11 if quick else 41)
    rate = {name: told["links"] * told["draws"] / told[name] for name in ("jax", "numba")}
    moved = {name: told["bytes"] / told[name] for name in ("jax", "numba")}
    rows = tuple(
        (
            title,
            f"{1e3 * told[name]:.3f}",
            f"{rate[name]:.2e}",
            f"{moved[name] / 1e9:.1f}",
            f"{moved[name] / told['triad_memory']:.0%}",
            f"{moved[name] / told['triad_same']:.0%}",
        )
        for name, title in (("jax", "jax: the phases of run/chain in one scan"), ("numba", "numba: written by hand"))
    )
    notes = (
        f"time of jax over numba: {told['ratio']:.2f} (quartiles {told['ratio_low']:.2f} to {told['ratio_high']:.2f}), "
        f"medians of {told['repeats']} pairs taken in turns, one thread each, {told['draws']} draws, float64",
        f"both agree to {told['disagreement']:.1e} of an array's largest entry after {told['steps']} steps",
        f"triad in memory {told['triad_memory'] / 1e9:.1f} GB/s, in arrays of the size of a step's "
        f"{told['triad_same'] / 1e9:.1f} GB/s: one thread, 24 bytes a row, measured in the same process",
        f"bytes of a step: 8 x draws x (11 links + 3 in-slots + 6 out-slots + crossings) = "
        f"{told['bytes'] / 1e6:.1f} MB, each array read once and written once where it changes",
        "what fits a cache is not bound by memory",
        "link part: orders, backlog, ready, eligible under permits, allocation, two stages of transit, arrival, shares",
    )
    columns = ("link part", "ms a step", "link-steps/s", "GB/s", "of triad in memory", "of triad at its size")
    return Section("Against a hand-written kernel", columns, rows, notes)


def memory(quick: bool) -> Section:  # noqa: FBT001
    """Peak memory of a run by draws."""
    draws = (64, 256) if quick else (64, 256, 1024)
    found = {n: peaks.peak(n) for n in draws}
    base = found[BASE]
    rows = tuple((f"{n:,} draws", f"{size / 2**20:,.0f}", f"{size / base - 1:+.1%}") for n, size in found.items())
    notes = (
        f"april-2025 run and kept in a process of its own, chunks of {CHUNK}, two workers: peak resident memory, the "
        "interpreter, jax and the compiler included",
        "64 draws are two chunks, one after the other; two are in work side by side from the third on",
    )
    return Section("Peak memory", ("run", "MiB", f"over {BASE} draws"), rows, notes)


def device(quick: bool) -> Section:  # noqa: FBT001
    """Whole steps against the memory bandwidth of the device that jax uses: a processor, or a GPU."""
    import jax

    from bench import bandwidth
    from ytterby.run import widths

    where, peak = jax.devices()[0], bandwidth.of_device()
    rows = []
    for dtype in ("float64", "float32"):
        model = scene.chain("baseline", dtype)
        block = scene.block(model, widths.suited(model))
        took = stopwatch.median(block.run, 3 if quick else 7) / block.steps
        moved = widths.footprint(model).step * block.draws
        share = moved / took / peak
        rows.append((dtype, str(block.draws), f"{1e3 * took:.2f}", f"{moved / 1e6:.0f}", f"{share:.0%}"))
    notes = (
        f"device: {where.platform} ({where.device_kind}); its triad in single precision moves {peak / 1e9:.1f} GB/s in "
        "arrays of 64 MiB, all threads",
        "least a step moves: constants, forcing and state read once, state and all that is observed written once; what "
        "a step makes and uses up itself counts nothing; over 100 % where a processor's caches hold a chunk",
        "a GPU is measured where there is one: JAX_PLATFORMS=cuda python -m bench --only model; none was to be had here"
        if where.platform == "cpu"
        else "draws: what the free memory takes",
    )
    return Section(
        "Bandwidth of a step", ("precision", "draws", "ms a step", "MB at least", "of triad"), tuple(rows), notes
    )


def worlds(quick: bool) -> Section:  # noqa: FBT001
    """Time by links and facilities together, at several widths of a chunk."""
    copies = COPIES[:2] if quick else COPIES
    found = [growing.with_links(copies, 2 if quick else 5, draws) for draws in WIDTHS]
    rows = []
    for draws, each in zip(WIDTHS, found, strict=True):
        units = [1e9 * s / (BLOCK * draws * size) for size, s in zip(each.sizes, each.seconds, strict=True)]
        slope, error = each.law
        last, _ = growing.exponent(each.sizes[-2:], each.seconds[-2:])
        rows.append((f"{draws} draws", *(f"{ns:.1f}" for ns in units), f"{slope:.3f}", f"{error:.3f}", f"{last:.3f}"))
    notes = (
        f"nanoseconds of the processor for a link, draw and step: least of several blocks of {BLOCK} steps on the "
        "package's world and on copies of it side by side, facilities growing with links; every thread counts",
        "exponent: slope of log time over log links by least squares; of the last two: between the two largest worlds",
        "the work grows as the links do; time grows faster, for an array of a small world (8 bytes a link and draw) "
        "stays in a cache between the operations that make and use it, and one of a large world does not",
        "asked for: at most 1.05, which widths whose arrays leave the caches between the sizes do not hold",
    )
    header = ("chunk", *(f"{size:,} links" for size in found[0].sizes), "exponent", "error", "of the last two")
    return Section("Larger worlds", header, tuple(rows), notes)


def growth(quick: bool) -> Section:  # noqa: FBT001
    """Exponents of the work with draws, links, facilities and steps."""
    repeats = 2 if quick else 4
    found = (
        growing.with_draws((32, 64, 128, 256) if quick else (32, 64, 128, 256, 512, 1024), repeats),
        growing.with_split_links(COPIES[:2] if quick else COPIES, repeats + 3),
        growing.with_facilities(COPIES[:2] if quick else COPIES, repeats + 3),
        growing.with_steps((52, 104, 208) if quick else (52, 104, 208, 416, 832), repeats),
    )
    rows = []
    for each in found:
        slope, error = each.law
        sizes = f"{each.sizes[0]:,} to {each.sizes[-1]:,}"
        ends = f"{each.seconds[0]:.3f} to {each.seconds[-1]:.3f}"
        rows.append((each.axis, sizes, ends, f"{slope:.3f}", f"{error:.3f}"))
    notes = (
        "slope of log time over log size by least squares; least of several turns at each size in seconds of "
        "the processor, compilation left out",
        f"draws: half a year of april-2025 in chunks of {CHUNK}, one worker; links alone: a block of {CHUNK} draws on "
        "the world with each link split into several; facilities alone: the world beside copies without trade; "
        "steps: one chunk of the baseline from January 2026, inputs and folding included",
        "links and facilities together: the table above",
    )
    return Section("Growth", ("axis", "sizes", "processor seconds", "exponent", "standard error"), tuple(rows), notes)
