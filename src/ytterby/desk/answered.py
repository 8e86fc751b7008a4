"""Home to what the pages of decisions share: the list of kept answers, and what one answer was made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ytterby.desk.blocks import Cell, Column, Facts, Link, Rows, Table
from ytterby.desk.page import Asked, Section

if TYPE_CHECKING:
    from ytterby.decisions.kept import Decision
    from ytterby.project import Project

WORDS = {
    "decisions": ("Decide", "决策"),
    "answers": ("Answers kept", "已保存的答案"),
    "none": ("Nothing was asked yet.", "尚未提问。"),
    "finding": ("Finding", "结论"),
    "created": ("Made", "生成时间"),
    "scenario": ("Scenario", "情景"),
    "run": ("Run", "运行"),
    "draws": ("Draws", "抽样次数"),
    "seed": ("Seed", "随机种子"),
    "record": ("What it was made from", "生成依据"),
    "network": ("Network", "网络"),
    "claims": ("Claims", "论断"),
    "fit": ("Fit of the licensing", "许可拟合"),
    "code": ("Code", "代码"),
}
HASHES = ("network", "claims", "fit", "code")


def of_kind(project: Project, asked: Asked, kind: str) -> list[Decision]:
    """The kept answers of one verb, newest first."""
    found: list[Decision] = asked.kept(f"decisions:{kind}", lambda: project.answers(kind))
    return found


def crumbs(asked: Asked, kind: str = "") -> list[Link]:
    """The way to a page of a verb, or with its name to one of its answers."""
    here = [Link(asked.say("nav"), asked.to(kind))] if kind else []
    return [Link(asked.say("decisions"), asked.to("decisions")), *here]


def table(asked: Asked, made: Sequence[Decision], *, scenario: bool = True, data: Rows | None = None) -> Table:
    """Answers by their findings, each a link to its page.

    Args:
        asked: the page.
        made: the answers.
        scenario: whether they differ in it.
        data: rows for JSON and CSV; without them everything the answers were made from.
    """
    columns = (
        Column("finding", asked.say("finding"), "wide"),
        *((Column("scenario", asked.say("scenario")),) if scenario else ()),
        Column("draws", asked.say("draws"), "number"),
        Column("created", asked.say("created"), "date"),
    )
    shown, pager = asked.paged(made, 50)
    cells: list[dict[str, Cell]] = [
        {
            "finding": Link(one.title[asked.lang], asked.to(one.kind, one.id)),
            "scenario": str(one.inputs["scenario"]),
            "draws": one.inputs["draws"],
            "created": made_on(one),
        }
        for one in shown
    ]
    rows = data if data is not None else [
        {"id": one.id, **one.inputs, "title": one.title[asked.lang], "created": one.created} for one in made
    ]  # fmt: skip
    return Table(columns, cells, data=rows, empty=asked.say("none"), pager=pager)


def record(asked: Asked, made: Decision, own: Sequence[tuple[str, Cell]] = ()) -> Section:
    """What an answer was made from and is known by: scenario, run, draws and seed, what is its own, hashes, day."""
    told = made.inputs
    scenario = str(told["scenario"])
    facts: list[tuple[str, Cell]] = [(asked.say("scenario"), Link(scenario, asked.to("scenario", scenario)))]
    if made.run:
        facts.append((asked.say("run"), Link(made.run, asked.to("run", made.run))))
    facts += [(asked.say("draws"), int(told["draws"])), (asked.say("seed"), str(told["seed"])), *own]
    facts += [(asked.say(key), str(told[key] or "–")) for key in HASHES]
    facts.append((asked.say("created"), made_on(made)))
    return Section("record", asked.say("record"), [Facts(facts)], width="half")


def made_on(one: Decision) -> str:
    """When an answer was made, to the minute."""
    return one.created[:16].replace("T", " ")
