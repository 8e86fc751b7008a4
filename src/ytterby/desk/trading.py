"""Home to the drawings of the world: who does how much of a stage, what flows from mine to product, who supplies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ytterby.desk import worldly
from ytterby.desk.blocks import Figure
from ytterby.figures import Caption, network, sankey, shades
from ytterby.world.flows import gathered as joined

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.desk.urls import Lang
    from ytterby.world.atlas import Atlas, Share

WORDS = {
    "flow_basis": (
        "t of {mix} a year · static balance of {year}, all demand met",
        "{mix}，吨/年 · {year} 年静态平衡，需求全部满足",
    ),
    "map_basis": ("% of the world’s {mix} at this stage", "占全球该环节{mix}的百分比"),
    "back": (
        "Not drawn: {back} t that go back as swarf or stay within a stage.",
        "未绘出：作为切削废料返回或在同一环节内流转的 {back} 吨。",
    ),
    "outside": (
        "Plants of {place} one by one; everything outside it by country.",
        "{place}逐厂列出；其余按国家合并。",
    ),
}
LINKS, NODES = 60, 12
"""Links drawn, and nodes of a column before the rest are drawn as one."""
ZOOMED = 26
"""The same where a country is zoomed to its plants."""


def spread(asked: Asked, found: Atlas, shares: list[Share], title: str, mix: str) -> Figure:
    """The map of what each country does of a stage, in % of the world."""
    rows = [
        {
            "country": one.place,
            "name": worldly.country(found, one.place, asked.lang),
            "value": 100 * one.share,
            "tonnes": one.tonnes,
            "plants": one.plants,
            "assumed": one.assumed > 0.5,
        }
        for one in shares
    ]
    basis = asked.say("map_basis", mix=worldly.mix(mix, asked.lang))

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = Caption(title, basis, language=asked.lang, bare=bare)
        return shades(rows, caption, limits=(0, 1, 5, 20, 50, 100), width=width)

    return Figure(draw, rows)


def year(found: Atlas) -> str:
    """The year the balance is of."""
    return str(int(found.state.year))


def from_mine(asked: Asked, found: Atlas, mix: str, title: str) -> Figure:
    """The Sankey from mine to product, by country."""
    lang = asked.lang
    names = {code: worldly.country(found, code, lang) for code in dict.fromkeys(found.country)}
    labels = [
        worldly.product(found, row, lang) if stage == "use" else names[code]
        for row, (stage, code) in enumerate(zip(found.stage, found.country, strict=True))
    ]
    rows = gathered(found, found.flows(mix), labels, lang)
    for row in rows:
        row["next_stage"] = row.pop("target_stage")
        row["stage"] = row.pop("source_stage")
    short = {name: worldly.brief(found, code, lang) for code, name in names.items()}
    caption = _caption(asked, found, mix, title)
    stages = _columns(rows, ("stage", "next_stage"), lang)

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return sankey(rows, caption(bare), stages=stages, short=short, width=width)

    return Figure(draw, rows)


def between(asked: Asked, found: Atlas, mix: str, title: str, zoom: str = "") -> Figure:
    """The network by country, or with the plants of one country apart and everything outside it by country."""
    lang = asked.lang
    names = {code: worldly.country(found, code, lang) for code in dict.fromkeys(found.country)}
    labels = [names[code] if code != zoom else _apart(found, row, lang) for row, code in enumerate(found.country)]
    flows = found.flows(mix)
    if zoom:
        inside = np.array([code == zoom for code in found.country], dtype=np.bool_)
        flows = np.where(inside[found.seller] | inside[found.buyer], flows, 0.0)
    rows = gathered(found, flows, labels, lang)
    short = {name: worldly.brief(found, code, lang) for code, name in names.items()}
    note = asked.say("outside", place=names.get(zoom, zoom)) if zoom else ""
    caption = _caption(asked, found, mix, title, note)
    stages = _columns(rows, ("source_stage", "target_stage"), lang)
    nodes = ZOOMED if zoom else NODES

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        told = caption(bare)
        return network(
            rows, told, by="facility", stages=stages, most_links=LINKS, most_nodes=nodes, short=short, width=width
        )

    return Figure(draw, rows)


def _apart(found: Atlas, row: int, lang: Lang) -> str:
    return worldly.product(found, row, lang) if found.stage[row] == "use" else worldly.facility(found, row, lang)


def _caption(asked: Asked, found: Atlas, mix: str, title: str, note: str = "") -> Callable[[bool], Caption]:
    from ytterby.figures.scales import spell

    flows = found.flows(mix)
    back = float(flows[~found.forward()].sum())
    notes = [note, asked.say("back", back=spell(back)) if back > 0 else ""]
    basis = asked.say("flow_basis", mix=worldly.mix(mix, asked.lang), year=year(found))
    joined = " ".join(one for one in notes if one)

    def caption(bare: bool) -> Caption:  # noqa: FBT001 - the contract of a figure
        return Caption(title, basis, note=joined, language=asked.lang, bare=bare)

    return caption


def gathered(found: Atlas, flows: NDArray[np.float64], labels: list[str], lang: Lang) -> list[dict[str, Any]]:
    """Flows from stage to later stage as rows of a figure; assumed ones apart. Largest first."""
    ahead = np.where(found.forward(), flows, 0.0)
    return [
        {
            "source": one.source,
            "source_stage": worldly.stage(one.stage, lang),
            "target": one.target,
            "target_stage": worldly.stage(one.next_stage, lang),
            "value": one.amount,
            "assumed": one.assumed,
        }
        for one in joined(found.stage, labels, found.seller, found.buyer, ahead, found.doubtful)
    ]


def _columns(rows: list[dict[str, Any]], ends: tuple[str, str], lang: Lang) -> list[str]:
    from ytterby.world.atlas import ORDER

    met = {row[end] for row in rows for end in ends}
    return [name for one in ORDER if (name := worldly.stage(one, lang)) in met]
