"""What single figures promise beyond the contract they share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ytterby.figures import Caption, bars, dots, fan, network, ranges, sankey, shades, timeline
from ytterby.figures.outlines import EU27, outlines
from ytterby.figures.palette import LIGHT_DARK, STYLE, stage_tones

CAPTION = Caption("Found")
SVG = "{http://www.w3.org/2000/svg}"
Read = Callable[[str], Any]


def test_a_gap_in_the_median_breaks_the_line(drawing: Read) -> None:
    rows = [{"period": f"2025-{m:02d}", "median": None if m == 4 else float(m)} for m in range(1, 8)]
    lines = [e for e in drawing(fan(rows, CAPTION)).root.iter(SVG + "path") if e.get("class") == "line s-nd"]
    assert len(lines) == 2


def test_the_fan_legend_names_only_what_is_drawn(drawing: Read) -> None:
    rows = [{"period": "2025-01", "median": 1.0}, {"period": "2025-02", "median": 2.0}]
    text = drawing(fan(rows, CAPTION)).words()
    assert "median" in text
    assert "50 %" not in text
    seen = [{"period": "2025-01", "value": 1.2, "fitted": True}, {"period": "2025-02", "value": 1.9, "fitted": False}]
    text = drawing(fan(rows, CAPTION, observed=seen)).words()
    assert "used for the fit" in text
    assert "not used" in text


def test_reference_forecasts_are_named_and_differ_by_dash(drawing: Read) -> None:
    rows = [{"period": "2025-01", "median": 1.0}, {"period": "2025-02", "median": 2.0}]
    rivals = [
        {"name": n, "rows": [{"period": r["period"], "value": 1.5} for r in rows]} for n in ("last month", "last year")
    ]
    svg = fan(rows, CAPTION, references=rivals)
    assert "last month" in drawing(svg).words()
    assert 'class="line s-er dash"' in svg
    assert 'class="line s-ho dots"' in svg


def test_all_events_inside_the_axis_are_labelled(drawing: Read) -> None:
    rows = [{"period": f"2025-{m:02d}", "median": 1.0 * m} for m in range(1, 13)]
    events = [{"date": f"2025-{m:02d}-10", "label": f"Announcement {m}"} for m in range(2, 12)]
    events.append({"date": "2031-01-01", "label": "far away"})
    for width in (320, 720):
        text = drawing(fan(rows, CAPTION, events=events, width=width)).words()
        assert all(f"Announcement {m}" in text for m in range(2, 12))
        assert "far away" not in text


def test_a_line_that_does_not_stop_is_open_and_says_so(drawing: Read) -> None:
    rows = [
        {"product": "Cars", "country": "DE", "median": 50.0, "p05": 30.0, "p95": 90.0, "share": 0.9},
        {"product": "Wind", "country": "DK", "median": None, "share": 0.0},
        {"product": "F-35", "country": "US", "p05": 60.0, "median": float("nan"), "share": 0.004},
    ]
    text = drawing(ranges(rows, CAPTION)).words()
    assert "not stopped" in text
    assert "<1\u00a0%" in text
    assert "90\u00a0%" in text
    # The soonest stands first.
    assert text.index("Cars · DE") < text.index("F-35 · US") < text.index("Wind · DK")


def test_the_longest_bar_stands_first_and_signs_point_apart(drawing: Read) -> None:
    sheet = drawing(bars([{"label": "small", "value": 1.0}, {"label": "large", "value": -9.0}], CAPTION))
    at = {t.words: t for t in sheet.texts}
    assert at["large"].top < at["small"].top
    assert at["−9"].right < at["1"].left


def test_shares_beyond_the_largest_are_counted(drawing: Read) -> None:
    rows = [{"label": f"row {i}", "value": float(i)} for i in range(40)]
    assert "+15 more" in drawing(bars(rows, CAPTION)).words()


def test_hidden_links_are_counted_with_their_share(drawing: Read) -> None:
    rows = [
        {
            "source_stage": "mine",
            "source_country": f"C{i}",
            "target_stage": "magnet",
            "target_country": f"D{j}",
            "value": 1.0,
        }
        for i in range(6)
        for j in range(6)
    ]
    sheet = drawing(network(rows, CAPTION, most_links=9))
    assert "9 largest of 36 links drawn; they carry 25\u00a0% of the flow." in sheet.words()


def test_a_country_is_one_node_per_stage_unless_facilities_are_asked_for(drawing: Read) -> None:
    rows = [
        {
            "source": f"plant {i}",
            "source_stage": "mine",
            "source_country": "CN",
            "target": "maker",
            "target_stage": "magnet",
            "target_country": "JP",
            "value": 2.0,
        }
        for i in range(3)
    ]
    assert drawing(network(rows, CAPTION)).words().split("\n").count("CN") == 1
    assert "plant 2" in drawing(network(rows, CAPTION, by="facility")).words()


def test_short_names_stand_where_long_ones_do_not_fit(drawing: Read) -> None:
    stages = ["a", "b", "c", "d"]
    rows = [
        {"stage": s, "source": "United States", "next_stage": t, "target": "United States", "value": 1.0}
        for s, t in pairwise(stages)
    ]
    text = drawing(sankey(rows, CAPTION, width=300, short={"United States": "US"})).words()
    assert "US" in text.replace("United States", "")


def test_the_eu_paints_its_members_but_not_one_with_its_own_row(drawing: Read) -> None:
    sheet = drawing(shades([{"country": "EU", "value": 5.0}, {"country": "DE", "value": 40.0}], CAPTION))
    hints = [e.text for e in sheet.root.iter(SVG + "title")]
    drawn = len([h for h in hints if h == "EU: 5"])
    assert hints.count("DE: 40") == 1
    # Malta is too small for 1:110m.
    assert drawn == len(EU27) - 2


def test_what_the_map_cannot_show_is_said(drawing: Read) -> None:
    assert (
        "Not on the map: SG 3, ZZ 7."
        in drawing(
            shades(
                [{"country": "CN", "value": 9.0}, {"country": "SG", "value": 3.0}, {"country": "ZZ", "value": 7.0}],
                CAPTION,
            )
        ).words()
    )
    rows = [{"name": "a", "lat": 1.0, "lon": 2.0, "value": 1.0}, {"name": "b", "lat": None, "lon": None, "value": 1.0}]
    assert "1 without coordinates" in drawing(dots(rows, CAPTION)).words()


def test_area_of_a_dot_is_its_value() -> None:
    rows = [
        {"name": n, "lat": 0.0, "lon": lon, "value": v, "stage": "separation"}
        for n, lon, v in (("a", 0, 100), ("b", 90, 25))
    ]
    radii = {m[1]: float(m[0]) for m in re.findall(r'a([\d.]+) [^"]*"[^>]*><title>(\w):', dots(rows, CAPTION))}
    assert radii["a"] == pytest.approx(2 * radii["b"], rel=0.02)


def test_an_open_span_reaches_today(drawing: Read) -> None:
    sheet = drawing(
        timeline([{"date": "2025-04-04", "until": "open", "label": "Licences"}], CAPTION, today="2026-11-21")
    )
    assert max(x for x, _ in sheet.points) > sheet.width * 0.95


def test_outlines_come_with_the_package_and_can_be_swapped(tmp_path: Path, drawing: Read) -> None:
    world = outlines()
    assert {"CN", "US", "MM", "AU", "TW", "XK"} <= world.keys()
    assert len(world) > 170
    file = tmp_path / "borders.json"
    file.write_text(json.dumps({"CN": [[80, 20, 120, 20, 120, 50, 80, 20]]}), encoding="utf-8")
    assert len(shades([{"country": "CN", "value": 1.0}], CAPTION, outline_file=file)) < len(
        shades([{"country": "CN", "value": 1.0}], CAPTION)
    )


def test_every_tone_has_a_dark_twin_and_enough_contrast() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for tone in ("nd", "pr", "er", "ho", "tb", "grey", "ink", "soft"):
        for colour, ground in zip(LIGHT_DARK[tone], LIGHT_DARK["surface"], strict=True):
            high, low = sorted((light(colour), light(ground)), reverse=True)
            # WCAG 2.2, 1.4.3: text needs 4.5 to 1.
            assert (high + 0.05) / (low + 0.05) >= 4.5, tone
    assert "light-dark(#6B54B0,#A995F0)" in STYLE


def test_a_stage_has_its_colour_in_both_languages() -> None:
    pairs = [
        ("mine", "矿山"),
        ("Separation", "分离"),
        ("Metal & alloy", "金属与合金"),
        ("magnet", "磁体"),
        ("End use", "使用"),
    ]
    english, chinese = (stage_tones(names) for names in zip(*pairs, strict=True))
    assert list(english.values()) == list(chinese.values()) == ["nd", "ho", "er", "tb", "grey"]
    assert len(set(stage_tones(("a", "b", "c", "d")).values())) == 4
