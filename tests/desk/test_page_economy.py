"""What a run costs, on its page: said in both languages from the numbers themselves, assumed where it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "run"))  # linestops stands beside the tests of runs

import linestops

from ytterby.desk import economic, urls
from ytterby.desk.blocks import Details, Figure, Form
from ytterby.desk.page import Asked, Given
from ytterby.desk.pages import run as page
from ytterby.run import coupling, losses
from ytterby.run.record import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    made = linestops.kept(tmp_path_factory.mktemp("runs"), 4)
    coupling.couple(made)
    return made


def asked(run: Run, lang: Any) -> Asked:
    return Asked(urls.to("run", run.id, lang=lang), None, page.WORDS)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_finding_is_that_of_the_rows(run: Run, lang: str) -> None:
    countries, sectors = economic.sections(asked(run, lang), run)
    rows = [row for row in losses.rows(losses.opened(run)) if row["period"] == "all"]
    world = next(r for r in rows if (r["region"], r["sector"]) == ("WLD", "all"))
    billions = {"en": 1e9, "zh": 1e8}[lang]
    number = float(f"{world['lost_median'] / billions:.3g}")
    assert f"{number:,.10g}".replace(",", "\u00a0") in countries.title.replace("\u202f", "\u00a0")
    first = max((r for r in rows if r["sector"] == "all" and r["region"] != "WLD"), key=lambda r: r["lost_median"])
    assert {"US": ("in the United States", "美国"), "DE": ("in Germany", "德国"), "JP": ("in Japan", "日本")}[
        first["region"]
    ][lang == "zh"] in countries.title
    share = round(100 * world["indirect_median"] / world["lost_median"])
    assert str(share) in sectors.title
    assert {"en": "assumed", "zh": "假设"}[lang] in countries.basis
    drawn = [block for section in (countries, sectors) for block in section.blocks if isinstance(block, Figure)]
    assert len(drawn) == 2
    for figure in drawn:
        for width in (340.0, 720.0):
            assert "<svg" in figure.draw(True, width)
        medians = [row["lost_median"] for row in figure.rows()]
        assert medians == sorted(medians, reverse=True)
    table = next(block for block in countries.blocks if isinstance(block, Details))
    assert len(table.rows()) == sum(r["region"] != "WLD" and r["sector"] != "all" for r in rows)


def test_where_none_was_followed_there_is_a_way_to(tmp_path: Path) -> None:
    alone = linestops.kept(tmp_path, 2)
    (only,) = economic.sections(asked(alone, "en"), alone)
    assert [block.name for block in only.blocks if isinstance(block, Form)] == ["economy"]
    began: list[tuple[str, Any]] = []

    class Jobs:
        def start(self, kind: str, told: Any) -> Any:
            began.append((kind, told))
            return type("Job", (), {"id": "1"})

    class Opened:
        path = tmp_path

        def open_run(self, name: str) -> Run:
            return alone

    for form in ("economy", "report"):
        question = Asked(urls.to("run", alone.id, lang="en"), Jobs(), page.WORDS)  # type: ignore[arg-type]
        page.act(Opened(), question, Given(form, {}))  # type: ignore[arg-type]
    assert began == [("economy", {"run": alone.id}), ("report", {"run": alone.id})]


def test_a_report_that_does_not_tell_it_yet_can_be_made_again(tmp_path: Path) -> None:
    import os

    made = linestops.kept(tmp_path / "runs", 2)
    place = type("Opened", (), {"path": tmp_path})
    ground = type("Ground", (), {"run": made})

    def forms() -> list[str]:
        blocks = page._report(place, asked(made, "zh"), ground).blocks  # type: ignore[arg-type]
        return [block.name for block in blocks if isinstance(block, Form)]

    assert forms() == ["report"]
    report = tmp_path / "reports" / f"{made.id}.html"
    report.parent.mkdir()
    report.write_text("told", encoding="utf-8")
    assert forms() == []
    followed = coupling.couple(made).path.stat().st_mtime
    os.utime(report, (followed - 1.0, followed - 1.0))
    assert forms() == ["report"]
    os.utime(report, (followed + 1.0, followed + 1.0))
    assert forms() == []


def test_nothing_lost_is_said(tmp_path: Path) -> None:
    import numpy as np

    calm = linestops.kept(tmp_path, 2, short=np.zeros((len(linestops.GROUPS), 4, 2)))
    coupling.couple(calm)
    countries, sectors = economic.sections(asked(calm, "en"), calm)
    assert countries.title == sectors.title == "No value added is lost: no line stops for long"


def test_reading_it_wakes_no_jax(run: Run) -> None:
    code = f"""
import sys
from ytterby.desk import economic, urls
from ytterby.desk.page import Asked
from ytterby.desk.pages import run as page
from ytterby.run import record
from pathlib import Path
made = record.load(Path({str(run.path.parent)!r}), "latest")
assert len(economic.sections(Asked(urls.to("run", made.id, lang="en"), None, page.WORDS), made)) == 2
print("jax" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "False"
