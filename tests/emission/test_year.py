"""The emitted year: nothing comes from nowhere except what was planted, and the same seed gives the same events."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

import ytterby
from ytterby.custody.capture import capture
from ytterby.custody.event import Event
from ytterby.custody.registry import Registry
from ytterby.emission import writing
from ytterby.emission.plan import DIVERSIONS, Noise, Planted, plant, thinned
from ytterby.emission.registers import registry
from ytterby.emission.suspects import suspects
from ytterby.emission.year import Year, year
from ytterby.rules import licences, pages
from ytterby.run.traffic import Traffic, traffic
from ytterby.terms.errors import StoreError

WEEKS, PLANTED = 8, 3
EXACT = Noise(weighing=0.0, assay=0.0, batch_yield=0.0, counting=0.0, slips=0.0, missing=0.0, twice=0.0, late=0.0)


@pytest.fixture(scope="module")
def flows(tmp_path_factory: pytest.TempPathFactory) -> Traffic:
    import jax

    project = ytterby.init(tmp_path_factory.mktemp("emission") / "project")
    # it runs once: to compile it well takes longer than it saves
    jax.config.update("jax_disable_most_optimizations", True)
    try:
        return traffic(project.world(), project.scenario("baseline"), WEEKS)
    finally:
        jax.config.update("jax_disable_most_optimizations", False)


def weeks(flows: Traffic, count: int) -> Traffic:
    """The first weeks."""
    return replace(flows, grid=replace(flows.grid, steps=count))


@pytest.fixture(scope="module")
def plain(flows: Traffic) -> Year:
    return year(flows, (), EXACT, seed=3)


def held(events: list[Event]) -> dict[tuple[str, str], int]:
    """(facility, lot) -> micrograms on the books after all events."""
    books: dict[tuple[str, str], int] = defaultdict(int)
    for event in events:
        for piece in event.pieces:
            mass = piece.mass or 0
            if event.kind == "transformation":
                books[event.location, piece.lot] += mass if piece.role == "output" else -mass
            elif event.step in ("commissioning", "receiving"):
                books[event.location, piece.lot] += mass
            elif event.step in ("shipping", "decommissioning"):
                books[event.location, piece.lot] -= mass
    return books


def test_without_noise_and_diversions_no_lot_is_overdrawn(plain: Year) -> None:
    assert all(mass >= 0 for mass in held([event for _, event in plain.events]).values())


def test_what_is_counted_is_what_the_books_say(plain: Year) -> None:
    events = sorted((event for _, event in plain.events), key=lambda one: one.time)
    last = max(event.time for event in events if event.step == "stock_taking")
    counts = [event for event in events if event.step == "stock_taking" and last - event.time < 86_400_000_000]
    assert counts
    by_place: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_place[event.location].append(event)
    for count in counts:
        books = held([event for event in by_place[count.location] if event.time < count.time])
        for piece in count.pieces:
            assert books[count.location, piece.lot] == piece.mass


def test_an_honest_firms_papers_name_each_lot_once(plain: Year) -> None:
    for _, event in plain.events:
        named = [(piece.role, piece.lot) for piece in event.pieces]
        assert len(named) == len(set(named)), event


def test_a_receipt_follows_its_shipment(plain: Year) -> None:
    sent: dict[tuple[str, str], int] = defaultdict(int)
    for event in sorted((event for _, event in plain.events), key=lambda one: one.time):
        if event.step in ("shipping", "receiving"):
            (_, sender), (_, taker) = event.sources[0], event.destinations[0]
            for piece in event.pieces:
                sent[sender + taker, piece.lot] += (piece.mass or 0) * (1 if event.step == "shipping" else -1)
                assert sent[sender + taker, piece.lot] >= 0


def test_elements_never_grow_in_a_batch(plain: Year) -> None:
    batches = [event for _, event in plain.events if event.kind == "transformation"]
    assert len(batches) > 500
    for event in batches:
        for role_in, role_out in (("input", "output"),):
            put = sum(piece.mass or 0 for piece in event.pieces if piece.role == role_in)
            made = sum(piece.mass or 0 for piece in event.pieces if piece.role == role_out)
            assert made <= put


def test_same_seed_same_events_and_another_seed_others(flows: Traffic, plain: Year) -> None:
    short = weeks(flows, 1)
    one, two, other = (year(short, (), seed=seed) for seed in (1, 1, 2))
    assert one == two
    assert one.events != other.events


AT = {
    "relabelled": "mag_jlmag",
    "overreported_loss": "mag_yunsheng",
    "uneven_loss": "mag_zhenghai",
    "hidden_reexport": "twowheel.DE",
    "ghost_recycling": "sep_cn_scrap",
    "split_shipments": "mag_cn_other",
    "transit_skim": "mag_jp",
    "reexport": "industry.IN",
}


@pytest.fixture(scope="module")
def diverted(flows: Traffic) -> Year:
    planted = [Planted(kind, AT[kind], 0.05, PLANTED, WEEKS - PLANTED) for kind in DIVERSIONS]
    return year(flows, planted, EXACT, seed=3)


@pytest.mark.parametrize("kind", DIVERSIONS)
def test_what_is_planted_comes_to_pass_in_its_size(diverted: Year, plain: Year, kind: str) -> None:
    (truth,) = [one for one in diverted.truths if one.planted.kind == kind]
    assert truth.mass > 0
    assert truth.started >= PLANTED * 7 * 86_400_000_000
    assert len(truth.events) == len(set(truth.events))
    # within a factor of the share that was asked for: parcels are whole, stocks run dry, luck is uneven
    flow = _flow(plain, AT[kind], kind)
    assert 0.015 * flow < truth.mass < 0.12 * flow
    assert diverted.events != plain.events


def _flow(plain: Year, facility: str, kind: str) -> int:
    first = min(event.time for _, event in plain.events) + (1 + 7 * PLANTED) * 86_400_000_000
    step = {
        "reexport": "receiving",
        "hidden_reexport": "decommissioning",
        "transit_skim": "receiving",
        "split_shipments": "shipping",
    }.get(kind)
    total = 0
    for _, event in plain.events:
        if not event.location.endswith(f"/{facility}") or event.time < first:
            continue
        role = "input" if kind == "ghost_recycling" else "output"
        if step is None and event.kind == "transformation":
            total += sum(piece.mass or 0 for piece in event.pieces if piece.role == role)
        elif step == "shipping" and event.step == step:
            total += sum(piece.mass or 0 for piece in event.pieces if event.licences)
        elif step and event.step == step:
            total += sum(piece.mass or 0 for piece in event.pieces)
    return total


def test_mistakes_are_declared(flows: Traffic) -> None:
    found = year(weeks(flows, 3), (), Noise(slips=0.05, twice=0.05, missing=0.05), seed=5)
    declared = {event.id for _, event in found.events if event.mistake is not None}
    wrong = {name for name, why in found.mistakes.items() if why != "receipt never recorded"}
    assert wrong == declared
    recorded = {event.id for _, event in found.events}
    assert not any(name in recorded for name, why in found.mistakes.items() if why == "receipt never recorded")


def test_plans_use_a_facility_once_and_the_registry_knows_all(flows: Traffic) -> None:
    names = flows.network.facilities
    plans = plant({"relabelled": names[:40], "overreported_loss": names[:40]}, (0.02, 0.1), seed=1, each=3)
    assert len({one.facility for one in plans}) == len(plans) == 12
    known = registry(flows)
    addresses = {one for facility in known.facilities for one in facility.addresses}
    assert len(addresses) == len(names) + 1
    assert all(0 <= low <= high <= 1 for one in known.recipes for low, high in one.yields.values())


def test_what_is_written_is_captured_whole_and_who_is_who_is_read(flows: Traffic, tmp_path: Path) -> None:
    short = weeks(flows, 1)
    made = year(short, (), seed=4)
    writing.write(made, registry(flows), tmp_path / "out")
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == [
        "events.jsonl", "permits.yaml", "registry.yaml", "truth.json",
    ]  # fmt: skip
    captured = capture(tmp_path / "custody", [tmp_path / "out" / "events.jsonl"], workers=0)
    assert captured.refused == ()
    assert captured.captured == len({event.id for _, event in made.events}) + sum(
        event.mistake is not None for _, event in made.events
    )
    assert pages.read(tmp_path / "out" / "registry.yaml", Registry) == registry(flows)
    assert licences.load(tmp_path / "out" / "permits.yaml").permits == writing.permits(made)
    with pytest.raises(StoreError, match="there already"):
        writing.write(made, registry(flows), tmp_path / "out")


def test_suspects_are_where_it_can_be_done(flows: Traffic) -> None:
    found = suspects(flows)
    assert set(found) == set(DIVERSIONS)
    assert all(found.values())
    n = flows.network
    region = {name: n.regions[n.facility_region[k]] for k, name in enumerate(n.facilities)}
    assert {region[name] for name in found["split_shipments"]} == {"CN"}
    assert "CN" not in {region[name] for name in (*found["reexport"], *found["hidden_reexport"])}
    chosen = plant(found, (0.01, 0.1), seed=1)
    assert len(thinned(chosen, 5, 1)) == 5
    assert thinned(chosen, 500, 1) == chosen
    assert set(thinned(chosen, 5, 1)) <= set(chosen)
