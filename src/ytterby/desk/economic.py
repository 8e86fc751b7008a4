"""Home to what a run costs, on its page: value added lost by country and sector, and how sure that can be.

What is said and drawn is that of `findings.economic`, as in the report; here it is laid on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.desk import outlook
from ytterby.desk.blocks import Block, Cell, Chip, Column, Details, Figure, Form, Notice, Table, Text
from ytterby.desk.page import Section

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.findings.economic import Row, Told
    from ytterby.run.record import Run

WORDS = {
    "economy": ("What the stopped lines cost", "停产的经济代价"),
    "economy_lead": (
        "Lines that stand still cost more than themselves: suppliers lose orders, customers wait for parts. The run "
        "can be followed into an economy of nine regions and fourteen sectors, draw by draw.",
        "生产线停工的代价不止于自身：供应商失去订单，客户等待零件。可将本次运行逐次抽样地推演到九个地区、十四个部门的经济体。",
    ),
    "economy_make": ("Follow it into the economy", "推演经济影响"),
    "every_industry": ("Every industry that loses", "全部受损行业"),
}


def sections(asked: Asked, run: Run) -> list[Section]:
    """What the run costs where it was followed into an economy, else the way to that."""
    from ytterby.run import losses

    kept = losses.kept(run)
    if not kept:
        make = Form("economy", (), asked.say("economy_make"), asked.to("run", run.id))
        return [Section("economy", asked.say("economy"), [Text([asked.say("economy_lead")]), make])]
    from ytterby.findings.economic import Told

    made = losses.opened(run, str(kept[0]["id"]))
    cost = asked.kept(f"economy:{run.id}:{made.id}", lambda: losses.cost(made))
    told = Told(cost, asked.lang, outlook.region, "{:,}".format)
    warned: list[Block] = []
    if told.assumed:
        warned.append(Text([(Chip(asked.say("assumed"), "assumed"), " ", told.assumption())], quiet=True))
    warned += [Notice(sentence, "bad") for sentence in told.warnings()]
    title, by_sector = told.title(), told.sectors_title()
    return [
        Section(
            "economy",
            title,
            [_drawn(asked, told, title, cost.countries), _folded(asked, told, cost.industries), *warned],
            basis=told.basis(),
            width="half",
        ),
        Section(
            "economy-sectors",
            by_sector,
            [_drawn(asked, told, by_sector, cost.sectors)],
            basis=told.basis(),
            width="half",
        ),
    ]


def followed_since(run: Run, report: Path) -> bool:
    """Whether the run was followed into an economy after a report of it was written."""
    from ytterby.run import losses

    if not report.is_file():
        return False
    return any(Path(one["path"]).stat().st_mtime > report.stat().st_mtime for one in losses.kept(run))


def _drawn(asked: Asked, told: Told, title: str, rows: Sequence[Row]) -> Figure:
    """Ranges by country or sector, the largest first."""

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        from ytterby.desk.forecasts import caption_of

        return told.drawn(rows, caption_of(asked, title, told.basis(), bare=bare), width)

    return Figure(draw, [dict(row) for row in rows])


def _folded(asked: Asked, told: Told, rows: Sequence[Row]) -> Details:
    """Every industry, to be opened."""
    heads = told.columns("industry")
    columns = [Column(key, head, "text" if key == "name" else "number") for key, head in heads.items()]
    cells: list[dict[str, Cell]] = []
    for row in rows:
        cell = told.cells(row)
        said = {key: outlook.amount(value) if isinstance(value, float) else value for key, value in cell.items()}
        cells.append({**said, "assumed": told.assumed})
    return Details(asked.say("every_industry"), [Table(columns, cells, data=[dict(row) for row in rows])])
