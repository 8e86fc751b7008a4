"""What every figure keeps to, on wild rows: well-formed, inside its sheet, no text on text, safe, always the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ytterby.figures import Caption, bars, dots, fan, multiples, network, ranges, sankey, shades, timeline, tornado

Draw = Callable[..., str]
SVG = "{http://www.w3.org/2000/svg}"

words = st.one_of(
    st.text(min_size=1, max_size=50).filter(lambda t: t.strip() != ""),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "]]>&amp;\"'",
            "稀土永磁材料出口许可",
            "W" * 80,
            "Mountain Pass",
            "\u202eturned",
            "x",
        ]
    ),
)
labels = words.filter(lambda t: re.search(r"[A-Za-z0-9\u4e00-\u9fff]", t) is not None)
amounts = st.one_of(st.just(float("nan")), st.none(), st.floats(0, 1e6), st.just(1e14), st.just(1e-9), st.just(0.0))
signed = st.one_of(amounts, st.floats(-1e6, 1e6))
months = st.builds(lambda y, m: f"{y}-{m:02d}", st.integers(2019, 2031), st.integers(1, 12))
sure = st.fixed_dictionaries({}, optional={"assumed": st.booleans(), "contested": st.booleans()})
captions = st.builds(
    Caption,
    title=labels,
    basis=st.one_of(st.just(""), words),
    sources=st.lists(words, max_size=9).map(tuple),
    note=st.one_of(st.just(""), words),
    language=st.sampled_from(["en", "zh"]),
)
widths = st.sampled_from([280, 360, 519, 520, 720, 1200])


def rows_of(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.builds(lambda row, how: row | how, st.fixed_dictionaries(keys), sure), max_size=18)


def _quantiles(period: str, values: list[float], blank: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "period": period,
        **dict(zip(("p05", "p25", "median", "p75", "p95"), sorted(values), strict=True)),
    }
    row[blank] = None
    return row


fan_rows = st.lists(
    st.builds(
        _quantiles,
        months,
        st.lists(st.floats(-1e5, 1e6), min_size=5, max_size=5),
        st.sampled_from(["p05", "p75", "median", "nothing", "nothing"]),
    ),
    max_size=14,
)
fan_extras = st.fixed_dictionaries(
    {
        "observed": rows_of(period=months, value=signed, fitted=st.booleans()),
        "events": st.lists(st.fixed_dictionaries({"date": months, "label": labels}), max_size=7),
        "references": st.lists(
            st.fixed_dictionaries(
                {
                    "name": labels,
                    "rows": st.lists(st.fixed_dictionaries({"period": months, "value": signed}), max_size=4),
                }
            ),
            max_size=4,
        ),
        "zero": st.booleans(),
    }
)
STAGES = ("Mine", "Concentrate", "Separation", "Metal & alloy", "Magnet", "End use")
step = st.integers(0, 4)


def _flow(first: int, source: str, target: str, value: float | None, how: dict[str, bool]) -> dict[str, Any]:
    return {
        "stage": STAGES[first],
        "source": source,
        "next_stage": STAGES[first + 1],
        "target": target,
        "value": value,
    } | how


def _link(first: int, source: str, target: str, value: float | None, how: dict[str, bool]) -> dict[str, Any]:
    ends = {"source_stage": STAGES[first], "target_stage": STAGES[first + 1], "source": source, "target": target}
    return ends | {"source_country": source[:4], "target_country": target[:4], "value": value} | how


def _range(
    label: str, values: list[float], blank: set[str], share: float | None, how: dict[str, bool]
) -> dict[str, Any]:
    row = dict(zip(("p05", "median", "p95"), sorted(values), strict=True))
    return {"label": label, "share": share} | {k: None if k in blank else v for k, v in row.items()} | how


blanks = st.sampled_from([set(), {"median", "p95"}, {"p05", "median", "p95"}])
CASES: dict[str, tuple[Draw, st.SearchStrategy[list[dict[str, Any]]], st.SearchStrategy[dict[str, Any]]]] = {
    "fan": (fan, fan_rows, fan_extras),
    "sankey": (
        sankey,
        st.lists(st.builds(_flow, step, labels, labels, amounts, sure), max_size=24),
        st.just({"stages": STAGES}),
    ),
    "network": (
        network,
        st.lists(st.builds(_link, step, labels, labels, amounts, sure), max_size=24),
        st.fixed_dictionaries({"by": st.sampled_from(["country", "facility"]), "stages": st.just(STAGES)}),
    ),
    "ranges": (
        ranges,
        st.lists(
            st.builds(
                _range,
                labels,
                st.lists(st.floats(0, 2000), min_size=3, max_size=3),
                blanks,
                st.one_of(st.none(), st.floats(0, 1)),
                sure,
            ),
            max_size=20,
        ),
        st.just({}),
    ),
    "bars": (bars, rows_of(label=labels, value=signed), st.just({})),
    "tornado": (
        tornado,
        rows_of(label=labels, low=signed, high=signed, range=st.one_of(st.none(), words)),
        st.just({}),
    ),
    "multiples": (
        multiples,
        rows_of(
            name=labels,
            note=st.one_of(st.just(""), words),
            rows=fan_rows,
            other=st.lists(st.fixed_dictionaries({"period": months, "value": signed}), max_size=4),
        ),
        st.fixed_dictionaries({"names": st.tuples(labels, labels), "zero": st.booleans()}),
    ),
    "timeline": (
        timeline,
        rows_of(date=months, label=labels, until=st.sampled_from([None, "open", "2032-01-01"]), kind=words),
        st.sampled_from([{}, {"today": "2026-11-21"}]),
    ),
    "dots": (
        dots,
        rows_of(
            name=labels,
            lat=st.one_of(st.none(), st.floats(-90, 90)),
            lon=st.floats(-180, 180),
            value=amounts,
            stage=st.sampled_from(["mine", "magnet", "somewhere <else>"]),
        ),
        st.just({}),
    ),
    "shades": (
        shades,
        st.lists(
            st.fixed_dictionaries(
                {"country": st.sampled_from(["CN", "US", "EU", "DE", "FJ", "ZZ", "SG"]), "value": signed}
            ),
            max_size=7,
            unique_by=lambda row: row["country"],
        ),
        st.just({}),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_wild_rows_give_a_good_figure(name: str, drawing: Callable[[str], Any]) -> None:
    draw, rows, extras = CASES[name]

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(rows, extras, captions, widths)
    def holds(rows: list[dict[str, Any]], extras: dict[str, Any], caption: Caption, width: int) -> None:
        svg = draw(rows, caption, width=width, **extras)
        sheet = drawing(svg)
        assert sheet.width == width
        assert sheet.outside() == []
        assert sheet.overlaps() == []
        _is_safe(svg, sheet)

    holds()


def _is_safe(svg: str, sheet: Any) -> None:
    assert sheet.root.get("role") == "img"
    assert sheet.root.find(SVG + "title").text
    assert sheet.root.find(SVG + "desc").text
    tags = {element.tag.removeprefix(SVG) for element in sheet.root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "defs", "pattern", "rect", "path", "text"}
    names = [e.get("id") for e in sheet.root.iter() if e.get("id")]
    assert len(names) == len(set(names))
    pointed = re.findall(r"url\(#([^)]+)\)", svg) + (sheet.root.get("aria-labelledby") or "").split()
    assert set(pointed) <= set(names)
    attributes = {name for e in sheet.root.iter() for name in e.attrib}
    assert not any(name.startswith("on") or name in {"href", "src"} for name in attributes)
    style = sheet.root.find(SVG + "style").text
    assert "://" not in style
    assert "@import" not in style
    assert "nan" not in re.sub(r"<(text|title|desc)\b[^>]*>[^<]*", "", svg).lower().split("</style>")[1]


CAPTION = Caption("Nothing to see", "t · 2025", ("USGS MCS 2026",))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("language", "words"), [("en", "No data"), ("zh", "暂无数据")])
def test_no_rows_give_a_figure_that_says_so(
    name: str, language: str, words: str, drawing: Callable[[str], Any]
) -> None:
    sheet = drawing(CASES[name][0]([], Caption("Nothing to see", language=language)))
    assert words in sheet.words()
    assert "Nothing to see" in sheet.words()


FLOWS = [_flow(0, "China", "China", 3.0, {}), _flow(0, "Laos", "China", 1.0, {"assumed": True})]
ONE: dict[str, list[dict[str, Any]]] = {
    "fan": [{"period": "2025-04", "median": 2.0, "p05": 1.0, "p25": 1.5, "p75": 2.5, "p95": 3.0}],
    "sankey": FLOWS,
    "network": [_link(0, "China", "China", 3.0, {}), _link(0, "Laos", "China", 1.0, {"assumed": True})],
    "ranges": [{"label": "Cars", "median": 40.0, "p05": 20.0, "p95": 90.0, "share": 0.8, "assumed": True}],
    "bars": [{"label": "Review", "value": -3.0, "assumed": True}],
    "tornado": [{"label": "Review", "low": -3.0, "high": 2.0, "assumed": True}],
    "multiples": [
        {
            "name": "Cars",
            "rows": [{"period": "2025-04", "median": 2.0}, {"period": "2025-05", "median": 3.0}],
            "assumed": True,
        }
    ],
    "timeline": [{"date": "2025-04-04", "label": "Licences", "until": "2025-08-01", "assumed": True}],
    "dots": [{"name": "Kachin", "lat": 25.0, "lon": 98.0, "value": 2.0, "stage": "mine", "assumed": True}],
    "shades": [{"country": "CN", "value": 2.0, "assumed": True}],
}


@pytest.mark.parametrize("name", CASES)
def test_the_same_rows_give_the_same_letters(name: str) -> None:
    assert CASES[name][0](ONE[name], CAPTION) == CASES[name][0](ONE[name], CAPTION)


@pytest.mark.parametrize("name", [n for n in CASES if n != "fan"])
@pytest.mark.parametrize(("language", "word"), [("en", "assumed"), ("zh", "假设")])
def test_what_is_assumed_says_so_and_looks_so(
    name: str, language: str, word: str, drawing: Callable[[str], Any]
) -> None:
    caption = Caption("Found", language=language)
    sheet = drawing(CASES[name][0](ONE[name], caption))
    assert word in sheet.words()
    certain = [{k: v for k, v in row.items() if k != "assumed"} for row in ONE[name]]
    plain = drawing(CASES[name][0](certain, caption))
    assert word not in plain.words()

    def signs(one: Any) -> int:
        marked = [
            e for e in one.root.iter(SVG + "path") if "dash" in e.get("class", "") or "url(#" in e.get("style", "")
        ]
        return len(marked)

    assert signs(sheet) > signs(plain)


@pytest.mark.parametrize("name", CASES)
def test_two_figures_on_one_page_share_no_id(name: str) -> None:
    first = CASES[name][0](ONE[name], CAPTION)
    other = CASES[name][0](ONE[name], Caption("Something else", "t · 2025"))
    ids = [set(re.findall(r' id="([^"]+)"', svg)) for svg in (first, other)]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("name", CASES)
def test_title_basis_and_sources_stand_in_the_figure(name: str, drawing: Callable[[str], Any]) -> None:
    text = drawing(CASES[name][0](ONE[name], CAPTION)).words()
    assert "Nothing to see" in text
    assert "t · 2025" in text
    assert "Sources: USGS MCS 2026" in text
