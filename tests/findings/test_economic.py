"""What a run costs, in the report: the numbers of the economy's own arrays, whose table, and what is assumed."""

from __future__ import annotations

import dataclasses
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "run"))  # linestops stands beside the tests of runs

import linestops

from ytterby import findings
from ytterby.figures.scales import spell
from ytterby.findings import economic
from ytterby.findings.ground import Ground
from ytterby.report import Report, page
from ytterby.run import coupling, record
from ytterby.run.record import Run

DRAWS = 5
LANGUAGES: tuple[economic.Language, ...] = ("en", "zh")
Tell = Callable[[str], Any]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    made = linestops.kept(tmp_path_factory.mktemp("runs"), DRAWS)
    coupling.couple(made)
    return made


@pytest.fixture
def ground(run: Run) -> Ground:
    return Ground(run, (), None)


def altered(ground: Ground, runaway: float = 0.0, crashed: float = 0.0, **info: Any) -> Ground:
    """The same, of an economy that says other things of itself."""
    assert ground.cost is not None
    made = ground.cost.made
    changed = dataclasses.replace(made, info={**made.info, **info})
    other = Ground(ground.run, (), None)
    other.__dict__["cost"] = dataclasses.replace(ground.cost, made=changed, runaway=runaway, crashed=crashed)
    return other


def lost(ground: Ground) -> dict[tuple[str, str], Any]:
    """(region, sector) -> (draw,) value added lost over the run, from the arrays."""
    assert ground.cost is not None
    made = ground.cost.made
    values = made.array("value_lost").astype(float).sum(axis=1)
    return {tuple(label.split("|")): values[k] for k, label in enumerate(made.labels("value_lost"))}  # type: ignore[misc]


def ends(values: Any) -> list[float]:
    """5, 50 and 95 % points as the record takes them: of so few draws the first, the middle and the last."""
    ranked = np.sort(values)
    return [float(ranked[0]), float(ranked[len(ranked) // 2]), float(ranked[-1])]


def spelled(value: float, scale: float) -> str:
    return spell(float(f"{value / scale:.3g}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_finding_and_its_band_are_those_of_the_arrays(ground: Ground, language: economic.Language) -> None:
    by, scale = lost(ground), {"en": 1e9, "zh": 1e8}[language]
    first, by_sector, largest = economic.sections(ground, language)
    low, middle, high = (spelled(v, scale) for v in ends(sum(by.values())))
    countries = {r: ends(sum(v for (region, _), v in by.items() if region == r))[1] for r, _ in by}
    worst = max(countries, key=lambda r: countries[r])
    called = {"US": ("the United States", "美国"), "DE": ("Germany", "德国"), "JP": ("Japan", "日本")}[worst]
    for said in (middle, low, high, called[language == "zh"], spelled(countries[worst], scale)):
        assert said in first.title
    assert low in first.lead
    assert high in first.lead
    unit = {"en": "bn USD", "zh": "亿美元"}[language]
    for section, count in ((first, 9), (by_sector, 14), (largest, economic.LARGEST)):
        assert section.table is not None
        assert len(section.table.rows) == count
        assert section.table.head[1].endswith(unit)
        medians = [float(row[1]) for row in section.table.rows]
        assert medians == sorted(medians, reverse=True)
    tops = sorted((ends(values)[1] for values in by.values()), reverse=True)[: economic.LARGEST]
    assert largest.table is not None
    assert [row[1] for row in largest.table.rows] == pytest.approx([v / scale for v in tops])
    for section in (first, by_sector):
        assert section.figure.startswith("<svg")
        assert section.narrow.startswith("<svg")
        assert {"en": "estimated table, assumed", "zh": "估算投入产出表，属假设"}[language] in section.figure


def test_it_is_said_in_chinese_without_english(ground: Ground) -> None:
    told = altered(ground, runaway=0.2, crashed=0.1)
    for section in economic.sections(told, "zh"):
        assert section.table is not None
        texts = [section.title, section.lead, section.note, section.mark, *section.warnings, *section.sources]
        texts += [str(cell) for row in (section.table.head, *section.table.rows) for cell in row]
        for text in texts:
            assert not re.search(r"[A-Za-z]{2,}", text.replace(ground.run.id, "").replace(told.cost.made.id, "")), text  # type: ignore[union-attr]


def test_an_estimated_table_is_marked_wherever_it_shows(ground: Ground) -> None:
    made = economic.sections(ground)
    for section in made:
        assert section.mark == "estimated table, assumed"
        assert section.table is not None
        assert section.table.assumed == frozenset(range(len(section.table.rows)))
    assert all('class="line s-er dash"' in section.figure for section in made[:2])
    assert "estimated from public aggregates from memory" in made[0].note
    assert "Left out: prices" in made[0].note
    assert economic.key(ground)[0].assumed
    assert economic.source(ground)[0].assumed
    said = economic.finding(ground)
    assert said is not None
    assert said.endswith("(estimated table, assumed).")
    ranges = ground.cost.made.info["ranges"]  # type: ignore[union-attr]
    assert len(economic.assumptions(ground)) == sum(one["assumed"] for one in ranges) > 10
    assert all(all(str(cell) for cell in (row[0], row[2], row[4])) for row in economic.assumptions(ground))


def test_a_table_of_ones_own_goes_by_its_name(ground: Ground) -> None:
    named = altered(ground, own_table=True, table_name="exiobase", table_assumed=False)
    made = economic.sections(named)
    assert all(section.mark == "assumed: what hangs on the lines" for section in made)
    assert "memory" not in made[0].note
    measured = altered(ground, own_table=True, table_name="exiobase", table_assumed=False, assumed=False, ranges=[])
    for section in economic.sections(measured):
        assert section.mark == ""
        assert section.table is not None
        assert not section.table.assumed
        assert "dash" not in section.figure.partition("</style>")[2]
        assert any("exiobase" in source for source in section.sources)
        assert "estimated" not in f"{section.title} {section.lead} {section.note} {section.figure}"
    assert "exiobase" in str(economic.finding(measured))
    assert economic.assumptions(measured) == []
    assert not economic.source(measured)[0].assumed
    # a record of before names were kept
    older = altered(ground, own_table=True, table_name="", table_assumed=False)
    assert "a table of your own" in str(economic.finding(older))
    francs = altered(ground, own_table=True, table_name="x", unit="M.FRF")
    assert "M.FRF" in str(economic.finding(francs))
    assert "USD" not in str(economic.finding(francs))


def test_a_runaway_is_told_where_there_is_one(ground: Ground) -> None:
    calm = economic.sections(ground)
    assert all(not section.warnings for section in calm)
    told = altered(ground, runaway=0.2)
    (warning,) = economic.sections(told)[0].warnings
    assert "20\u00a0%" in warning
    assert "failure of the ordering rule" in warning
    assert warning in str(economic.finding(told))
    assert warning not in str(economic.finding(ground))
    both = economic.sections(altered(ground, runaway=0.2, crashed=0.4))[0].warnings
    assert "40\u00a0%" in both[1]


def test_where_nothing_is_lost_one_section_says_so(tmp_path: Path) -> None:
    calm = linestops.kept(tmp_path, 2, short=np.zeros((len(linestops.GROUPS), 4, 2)))
    coupling.couple(calm)
    ground = Ground(calm, (), None)
    (only,) = economic.sections(ground)
    assert only.title == "No value added is lost: no line stops for long"
    assert only.figure == ""
    assert only.table is None
    assert economic.key(ground) == ()


def test_a_loss_spread_thin_has_no_largest(tmp_path: Path) -> None:
    thin = linestops.kept(tmp_path, 2, short=np.full((len(linestops.GROUPS), 4, 2), 2e-4))
    coupling.couple(thin)
    ground = Ground(thin, (), None)
    assert ground.cost is not None
    assert ground.cost.industries == ()
    assert [section.anchor for section in economic.sections(ground)] == ["economy", "economy-sectors"]
    assert "Stopped lines cost" in str(economic.finding(ground))


def test_where_none_was_followed_nothing_is_said(tmp_path: Path) -> None:
    ground = Ground(linestops.kept(tmp_path, 2), (), None)
    assert ground.cost is None
    assert economic.sections(ground) == []
    assert economic.finding(ground) is None
    assert economic.key(ground) == economic.source(ground) == economic.method(ground) == ()
    assert economic.assumptions(ground) == []


@pytest.mark.slow
def test_a_report_gains_it_and_keeps_all_else(tell: Tell, tmp_path: Path) -> None:
    told = tell("baseline")
    shutil.copytree(told.run.path, tmp_path / told.run.id)
    copied = record.load(tmp_path, told.run.id)
    claims = told.project._claims()
    network = told.project.world_of(told.run, claims)

    def composed() -> tuple[Report, list[str]]:
        return findings.compose(copied, claims, network), findings.headline(copied, claims, network)

    before, lines = composed()
    coupling.couple(copied)
    after, more = composed()
    gained = [section for section in after.sections if section.anchor.startswith("economy")]
    assert [section for section in after.sections if section not in gained] == list(before.sections)
    assert after.figures[: len(before.figures)] == before.figures
    assert after.method[: len(before.method)] == before.method
    assert after.sources[: len(before.sources)] == before.sources
    assert len(gained) == 3
    cost = economic.finding(Ground(copied, (), network))
    assert [line for line in more if line != cost] == lines
    assert more.index(str(cost)) == len(lines) - 1
    text = page(after)
    for section in gained:
        assert f'id="{section.anchor}"' in text
    assert text.count("estimated table, assumed") > len(gained)
    assert 'id="economy' not in page(before)
