"""Home to the proof that map, Sankey and network stay readable and honest however many places they are given."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from ytterby.figures import Caption, dots, network, sankey, shades
from ytterby.figures.columns import Columns, Flow, gather
from ytterby.figures.network import bundled, untangled

Read = Callable[[str], Any]
STAGES = ("Mining", "Recycling", "Separation", "Metal", "Alloy", "Magnets", "Motors", "Products")
PLACES = (
    "China", "United States", "European Union without Germany", "Myanmar", "Rest of the world", "Japan", "缅甸",
    "欧盟（不含德国）", "Chinese separators on imported feed", "South Korea", "Vietnam", "Laos", "Madagascar",
)  # fmt: skip
SEEDS = range(6)
WIDTHS = (280, 340, 519, 700, 1080)


def flows(seed: int, count: int = 160) -> list[dict[str, Any]]:
    """Links from stage to later stage over places, values over nine powers of ten."""
    lot = random.Random(seed)
    rows = []
    for _ in range(count):
        left = lot.randrange(len(STAGES) - 1)
        right = lot.randrange(left + 1, len(STAGES))
        rows.append(
            {
                "stage": STAGES[left],
                "source_stage": STAGES[left],
                "source": lot.choice(PLACES),
                "next_stage": STAGES[right],
                "target_stage": STAGES[right],
                "target": lot.choice(PLACES),
                "value": 10 ** lot.uniform(-4, 5),
                "assumed": lot.random() < 0.4,
            }
        )
    return rows


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("draw", [sankey, network], ids=["sankey", "network"])
def test_labels_stand_apart_and_on_the_paper(draw: Callable[..., str], width: int, drawing: Read) -> None:
    extra = {"by": "facility", "most_links": 60, "most_nodes": 12} if draw is network else {}
    for seed in SEEDS:
        for language in ("en", "zh"):
            caption = Caption("A finding", "t a year", note="A note.", language=language)
            sheet = drawing(draw(flows(seed), caption, stages=STAGES, width=width, **extra))
            assert sheet.overlaps() == []
            assert sheet.outside() == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_map_of_anything_keeps_its_labels_apart(width: int, drawing: Read) -> None:
    for seed in SEEDS:
        lot = random.Random(seed)
        plants = [
            {
                "name": lot.choice(PLACES),
                "lat": lot.gauss(30, 15),
                "lon": lot.choice((105, 10, -100)) + lot.gauss(0, 12),
                "value": 10 ** lot.uniform(-2, 5),
                "stage": lot.choice(STAGES),
                "assumed": lot.random() < 0.4,
            }
            for _ in range(120)
        ]
        countries = [
            {"country": code, "value": 10 ** lot.uniform(-3, 2), "assumed": lot.random() < 0.5}
            for code in ("CN", "US", "EU", "MM", "ZZ", "AU", "JP")
        ]
        for svg in (
            dots(plants, Caption("A finding", "t"), width=width),
            shades(countries, Caption("A finding", "%"), limits=(0, 1, 5, 20, 50, 100), width=width),
        ):
            sheet = drawing(svg)
            assert sheet.overlaps() == []
            assert sheet.outside() == []


def columns_of(seed: int) -> tuple[Columns, list[Flow]]:
    columns = gather(flows(seed), "network", STAGES, 12, 0.0, "others ({n})")
    return columns, bundled(columns.flows)


def crossings(order: Any, drawn: list[Flow]) -> int:
    """Counted over all pairs, one by one."""
    at = {(column, name): index for column, names in enumerate(order) for index, name in enumerate(names)}
    pairs = combinations(drawn, 2)
    same = [(a, b) for a, b in pairs if (a.source[0], a.target[0]) == (b.source[0], b.target[0])]
    return sum((at[a.source] < at[b.source]) == (at[a.target] > at[b.target]) for a, b in same
               if at[a.source] != at[b.source] and at[a.target] != at[b.target])  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_bundling_keeps_every_tonne_and_untangling_every_node(seed: int) -> None:
    columns, links = columns_of(seed)
    assert sum(one.value for one in links) == pytest.approx(sum(one.value for one in columns.flows), rel=1e-12)
    assert len({(one.source, one.target) for one in links}) == len(links)
    drawn = links[:40]
    met = {place for one in drawn for place in (one.source, one.target)}
    order = untangled(columns, drawn, met)
    assert {(column, name) for column, names in enumerate(order) for name in names} == met
    plain = [[name for name in names if (column, name) in met] for column, names in enumerate(columns.order)]
    assert crossings(order, drawn) <= crossings(plain, drawn)
    for column, names in enumerate(order):
        largest = max(names, key=lambda name, column=column: columns.sizes[column, name], default=None)  # type: ignore[misc]
        assert largest is None or names[0] == largest or (column, largest) in columns.merged


def test_untangling_finds_the_plain_order() -> None:
    rows = [
        {"stage": "a", "source": name, "next_stage": "b", "target": other, "value": value}
        for name, other, value in (("x", "u", 9.0), ("y", "w", 3.0), ("z", "v", 2.0), ("v2", "v", 2.5))
    ]
    columns = gather(rows, "network", ("a", "b"), 9, 0.0, "others ({n})")
    links = bundled(columns.flows)
    order = untangled(columns, links, set(columns.sizes))
    assert crossings(order, links) == 0


def test_a_link_is_assumed_where_most_of_it_is(drawing: Read) -> None:
    base = {"stage": "a", "source": "x", "next_stage": "b", "target": "y"}
    for sure, value in (("", 1.0), ("assumed", 3.0)):
        rows = [base | {"value": 2.0}, base | {"value": value, "assumed": True}]
        columns = gather(rows, "network", ("a", "b"), 9, 0.0, "others ({n})")
        (link,) = bundled(columns.flows)
        assert (link.value, link.sure) == (2.0 + value, sure)


def test_on_a_phone_many_stages_stand_one_below_the_other(drawing: Read) -> None:
    for draw in (sankey, network):
        extra = {"by": "facility"} if draw is network else {}
        narrow = drawing(draw(flows(1), Caption("A finding"), stages=STAGES, width=340, **extra))
        wide = drawing(draw(flows(1), Caption("A finding"), stages=STAGES, width=1080, **extra))
        heads = {text.words: text for text in narrow.texts if text.words in STAGES}
        assert set(heads) == set(STAGES)
        tops = [heads[stage].top for stage in STAGES]
        assert tops == sorted(tops)
        assert len({round(text.left) for text in heads.values()}) == 1
        # Wide: side by side.
        lefts = [text.left for stage in STAGES for text in wide.texts if text.words == stage]
        assert lefts == sorted(lefts)
        assert len(set(lefts)) == len(STAGES)


def test_on_a_phone_every_bar_is_named_above_or_below(drawing: Read) -> None:
    for seed in SEEDS:
        columns = gather(flows(seed), "sankey", STAGES, 14, 0.012, "others ({n})")
        words = drawing(sankey(flows(seed), Caption("A finding"), stages=STAGES, width=340)).words().replace("\n", " ")
        for names in columns.order:
            for name in names:
                assert name.split()[0] in words


def test_what_is_assumed_keeps_its_shade() -> None:
    rows = [{"country": "CN", "value": 93.0, "assumed": True}, {"country": "US", "value": 0.5, "assumed": True}]
    svg = shades(rows, Caption("A finding"), limits=(0, 1, 5, 20, 50, 100))
    fills = re.findall(r'<path class="(f-nd[^"]*)"', svg)
    assert "f-nd" in fills
    assert "f-nd o1" in fills
    assert svg.count("-over)") == 2
    assert "assumed" in svg
