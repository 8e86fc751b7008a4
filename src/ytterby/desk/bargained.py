"""Home to a bargain on a page: payoffs, equilibria and the bargaining set, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ytterby.desk import outlook
from ytterby.desk.blocks import Block, Cell, Chip, Column, Details, Figure, Notice, Table
from ytterby.desk.forecasts import caption_of
from ytterby.desk.page import KeyFigure, Section
from ytterby.figures.scales import spell

if TYPE_CHECKING:
    from ytterby.desk.page import Asked

Said = Mapping[str, Any]
"""The answer, as it is kept."""

WORDS = {
    "unit": ("bn USD a year", "十亿美元/年"),
    "against": (
        "bn USD a year against how things stand, mean of {draws} draws · {start} to {end}{assumed}",
        "十亿美元/年，相对于现状，{draws} 次抽样均值 · {start} 至 {end}{assumed}",
    ),
    "on_assumed": (" · worths and weights assumed", " · 价值与权重为假设"),
    "key_both": ("Draws in which both gain", "双方均受益的抽样"),
    "key_holds": ("Draws with that equilibrium", "该均衡成立的抽样"),
    "matrix_one": (
        "Left alone, {a} chooses {row}, {b} {column}: so in {share} of the draws",
        "各自行动时，{a}选择{row}，{b}选择{column}：{share}的抽样如此",
    ),
    "matrix_many": (
        "{n} outcomes hold themselves up: which one comes about, the payoffs do not say",
        "有 {n} 个均衡：支付本身不能决定会出现哪一个",
    ),
    "matrix_mixed": ("No pair of policies holds itself up: both sides mix", "没有纯策略均衡：双方均采取混合策略"),
    "matrix_note": (
        "Upper left: what {a} gets; lower right: what {b} gets. Each side's first policy is how things stand.",
        "左上为{a}所得，右下为{b}所得。双方的第一项政策即现状。",
    ),
    "every_cell": ("Every pair with its range and its parts", "每组策略的区间与构成"),
    "policies": ("Policies", "策略组合"),
    "range": ("{side}, mean (5–95 %)", "{side}，均值（5–95%）"),
    "share": ("Equilibrium in", "成为均衡的抽样"),
    "made_of": ("{side}: made of", "{side}：构成"),
    "others": ("{name}", "{name}"),
    "part_output": ("output", "产出"),
    "part_pressure": ("pressure", "停产压力"),
    "part_arms": ("arms", "军备"),
    "part_sales": ("sales", "销售"),
    "part_market": ("market lost", "市场流失"),
    "part_industry": ("own industry", "自有产业"),
    "part_payments": ("payments", "对价"),
    "part_rivalry": ("heed of the rival", "对对方的看重"),
    "equilibria_one": (
        "The one equilibrium stands the check: no policy of either side does better",
        "唯一均衡经验证成立：任何一方改用其他政策均不更优",
    ),
    "equilibria": (
        "All {n} equilibria stand the check: no policy of either side does better",
        "{n} 个均衡均经验证成立：任何一方改用其他政策均不更优",
    ),
    "checked": (
        "Checked by enumerating every policy of both sides; largest gain from a move: {gap} of the span of payoffs",
        "逐一枚举双方全部政策验证；单方改变的最大获利：支付跨度的 {gap}",
    ),
    "equilibrium": ("Equilibrium", "均衡"),
    "gets": ("{side} gets", "{side}所得"),
    "holds": ("Holds in", "成立的抽样"),
    "regret": ("{side} regrets, mean (95 %)", "{side}的遗憾，均值（95%）"),
    "found_by": ("Found by", "求解方法"),
    "way_replies": ("best replies", "最优反应"),
    "way_supports": ("supports", "支撑枚举"),
    "way_vertices": ("vertices", "顶点枚举"),
    "way_lemke-howson": ("Lemke and Howson", "Lemke-Howson 法"),
    "ties": (
        "Payoffs tie: {policies} answer “{other}” equally well, so equilibria may be the corners of continua.",
        "支付相等：对“{other}”，{policies} 同样好，因此所列均衡可能只是连续均衡集的端点。",
    ),
    "set_deal": (
        "A deal is worth {x} bn USD a year to {a} and {y} bn to {b}",
        "达成协议每年为{a}带来 {x}、为{b}带来 {y}（十亿美元）",
    ),
    "set_none": ("No deal is better for both than {threat}", "没有对双方都优于{threat}的协议"),
    "threat_equilibrium": ("what each does alone", "各自行动的结果"),
    "threat_maxmin": ("what each can secure alone", "各自可保证的所得"),
    "threat_status-quo": ("how things stand", "现状"),
    "threat": ("Without a deal: {rule}", "无协议时：{rule}"),
    "nash": ("Nash's point", "纳什解"),
    "kalai_smorodinsky": ("Kalai and Smorodinsky's point", "KS解（Kalai–Smorodinsky）"),
    "set_note": (
        "1A, 1B, …: pairs of policies, as in the table above. Both may agree on a lottery, or on doing one thing for "
        "part of the time: the straight pieces of the edge. "
        "Above and to the right of the dashed lines both are better off than without a deal.",
        "1A、1B 等为上表中的策略组合。双方可商定按概率或按时间轮换，即边界上的直线段。"
        "虚线右上方为双方均优于无协议的区域。",
    ),
    "point": ("Point", "协议点"),
    "gain": ("{side} gains", "{side}增益"),
    "gain_drawn": ("{side} gains (5–95 %, each draw bargained anew)", "{side}增益（5–95%，逐次抽样重新议价）"),
    "agreed": ("What is agreed", "协议内容"),
    "both_gain": ("Both better off in", "双方均受益的抽样"),
}


class Told:
    """A kept answer with its words in one language."""

    def __init__(self, asked: Asked, said: Said, draws: int) -> None:
        self.asked, self.said, self.draws = asked, said, draws
        self.sides = [str(side["name"][asked.lang]) for side in said["sides"]]

    def policy(self, side: int, k: int) -> str:
        """The name of a policy."""
        return str(self.said["sides"][side]["policies"][k]["name"][self.asked.lang])

    def pair(self, row: int, column: int) -> str:
        """A pair of policies."""
        return f"{self.policy(0, row)} / {self.policy(1, column)}"

    @property
    def basis(self) -> str:
        """Unit, dates and what it rests on."""
        say, said = self.asked.say, self.said
        assumed = say("on_assumed") if any(one["assumed"] for one in said["inputs"]) else ""
        return say("against", draws=f"{self.draws:,}", start=said["from"], end=said["until"], assumed=assumed)

    def lettered(self, side: int, k: int) -> str:
        """The name of a policy behind its sign in the figures."""
        return f"{sign(side, k)} · {self.policy(side, k)}"

    def percent(self, share: float) -> str:
        """A share in words."""
        return outlook.percent(share, self.asked.lang)

    def mixed(self, one: Said) -> str:
        """An equilibrium: the pair, or with which chance each side plays what."""
        if one["cell"]:
            return self.pair(*one["cell"])
        told = [
            " + ".join(f"{self.percent(p)} {self.policy(s, k)}" for k, p in enumerate(one[key]) if p > 1e-6)
            for s, key in enumerate(("first", "second"))
        ]
        return " / ".join(told)

    def lottery(self, point: Said) -> str:
        """What a point on the edge is agreed as."""
        parts = [f"{self.percent(m['weight'])} {self.pair(m['row'], m['column'])}" for m in point["mixture"]]
        return "; ".join(parts)


def sign(side: int, k: int) -> str:
    """Short for a policy: 1, 2, 3 for the first side, A, B, C for the other."""
    return str(k + 1) if side == 0 else "ABCDEFGHIJKL"[k]


def band(one: Said | None, point: str = "mean") -> str:
    """``12.8 (0 – 92.2)``; a dash without it."""
    if one is None:
        return "–"
    return f"{spell(one[point])} ({spell(one['p05'])} – {spell(one['p95'])})"


def keys(told: Told) -> list[KeyFigure]:
    """What a deal is worth to each side, what there is without one, and how sure the equilibrium is."""
    asked, said = told.asked, told.said
    nash, unit = said["set"]["nash"], asked.say("unit")
    found = [
        KeyFigure(
            asked.say("gain", side=side), round(nash["gains"][s], 1), unit, _spread(nash["drawn"][s]), assumed=True
        )
        for s, side in enumerate(told.sides)
    ]
    found.append(KeyFigure(asked.say("key_both"), told.percent(nash["both_gain"])))
    return [*found, KeyFigure(asked.say("key_holds"), told.percent(max(one["holds"] for one in said["equilibria"])))]


def _spread(one: Said) -> str:
    return f"5–95 %: {spell(one['p05'])} – {spell(one['p95'])}"


def matrix_section(told: Told) -> Section:
    """The payoffs, with the equilibria framed."""
    from ytterby.figures.matrix import matrix

    asked, said = told.asked, told.said
    settled = said["equilibria"]
    weight = {(m["row"], m["column"]): m["weight"] for m in said["set"]["nash"]["mixture"]}
    if len(settled) == 1 and settled[0]["cell"]:
        i, j = settled[0]["cell"]
        share = told.percent(settled[0]["holds"])
        names = {"a": told.sides[0], "b": told.sides[1], "row": told.policy(0, i), "column": told.policy(1, j)}
        title = asked.say("matrix_one", share=share, **names)
    elif len(settled) == 1:
        title = asked.say("matrix_mixed")
    else:
        title = asked.say("matrix_many", n=len(settled))
    basis = told.basis
    rows = [
        {
            "row": told.lettered(0, cell["row"]), "column": told.lettered(1, cell["column"]),
            "first": cell["first"]["mean"], "second": cell["second"]["mean"], "equilibrium": cell["equilibrium"],
            "share": cell["share"], "agreed": weight.get((cell["row"], cell["column"]), 0.0),
        }
        for cell in said["cells"]
    ]  # fmt: skip

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = caption_of(asked, title, basis, bare=bare)
        return matrix(rows, caption, sides=told.sides, width=width)

    note = asked.say("matrix_note", a=told.sides[0], b=told.sides[1])
    every = Details(asked.say("every_cell"), [_cells(told)])
    return Section("matrix", title, [Figure(draw, rows), every], basis=basis, note=note)


def _cells(told: Told) -> Table:
    asked, said = told.asked, told.said
    sides = {f"side{s}": name for s, name in enumerate(told.sides)}
    columns = [
        Column("policies", asked.say("policies"), "wide"),
        *(Column(key, asked.say("range", side=name), "number") for key, name in sides.items()),
        Column("share", asked.say("share"), "number"),
        *(Column(f"parts{s}", asked.say("made_of", side=name), "wide") for s, name in enumerate(told.sides)),
        *(Column(one["id"], asked.say("others", name=one["name"][asked.lang]), "number") for one in said["bystanders"]),
    ]
    cells: list[dict[str, Cell]] = []
    for cell in said["cells"]:
        pair, chip = told.pair(cell["row"], cell["column"]), Chip(asked.say("equilibrium"), "accepted")
        row: dict[str, Cell] = {
            "policies": [pair, " ", chip] if cell["equilibrium"] else pair,
            "side0": band(cell["first"]), "side1": band(cell["second"]), "share": told.percent(cell["share"]),
            "parts0": _parts(told, cell["parts"][0]), "parts1": _parts(told, cell["parts"][1]),
        }  # fmt: skip
        cells.append(row | {name: band(values) for name, values in cell["bystanders"].items()})
    data = [
        {
            "row": said["sides"][0]["policies"][c["row"]]["id"],
            "column": said["sides"][1]["policies"][c["column"]]["id"],
            **{f"first_{k}": v for k, v in c["first"].items()}, **{f"second_{k}": v for k, v in c["second"].items()},
            "equilibrium": c["equilibrium"], "share": c["share"],
        }
        for c in said["cells"]
    ]  # fmt: skip
    return Table(tuple(columns), cells, data=data)


def _parts(told: Told, parts: Said) -> str:
    large = {name: value for name, value in parts.items() if abs(value) >= 0.05}
    return ", ".join(f"{told.asked.say(f'part_{name}')} {spell(value)}" for name, value in large.items()) or "–"


def equilibria_section(told: Told) -> Section:
    """Each equilibrium with its check, its doubt and its regret."""
    asked, said = told.asked, told.said
    columns = (
        Column("equilibrium", asked.say("equilibrium"), "wide"),
        *(Column(f"gets{s}", asked.say("gets", side=name), "number") for s, name in enumerate(told.sides)),
        Column("holds", asked.say("holds"), "number"),
        *(Column(f"regret{s}", asked.say("regret", side=name), "number") for s, name in enumerate(told.sides)),
        Column("found", asked.say("found_by"), "wide"),
    )
    cells: list[dict[str, Cell]] = []
    for one in said["equilibria"]:
        row: dict[str, Cell] = {"equilibrium": told.mixed(one), "holds": told.percent(one["holds"])}
        for s in (0, 1):
            row[f"gets{s}"] = spell(one["payoffs"][s])
            row[f"regret{s}"] = f"{spell(one['regret'][s]['mean'])} ({spell(one['regret'][s]['p95'])})"
        row["found"] = ", ".join(asked.say(f"way_{way}") for way in one["found_by"])
        cells.append(row)
    title = asked.say("equilibria_one" if len(cells) == 1 else "equilibria", n=len(cells))
    blocks: list[Block] = [Table(columns, cells, data=[dict(one) for one in said["equilibria"]])]
    for tie in said["ties"]:
        policies = ", ".join(f"“{told.policy(tie['side'], k)}”" for k in tie["policies"])
        other = told.policy(1 - tie["side"], tie["against"])
        blocks.append(Notice(asked.say("ties", policies=policies, other=other)))
    worst = said["verified"]["worst_gap"]
    note = asked.say("checked", gap=f"{worst:.0e}" if worst else "0")
    basis = told.basis
    return Section("equilibria", title, blocks, basis=basis, note=note)


def set_section(told: Told) -> Section:
    """The bargaining set with the points both may agree on."""
    from ytterby.figures.deal import deal

    asked, said = told.asked, told.said
    rule = asked.say(f"threat_{said['threat']['used']}")
    nash, fair = said["set"]["nash"], said["set"]["kalai_smorodinsky"]
    if nash["mixture"]:
        x, y = (spell(round(gain, 1)) for gain in nash["gains"])
        title = asked.say("set_deal", x=x, y=y, a=told.sides[0], b=told.sides[1])
    else:
        title = asked.say("set_none", threat=rule)
    rows = [
        {
            "label": sign(0, cell["row"]) + sign(1, cell["column"]), "first": cell["first"]["mean"],
            "second": cell["second"]["mean"], "kind": "equilibrium" if cell["equilibrium"] else "cell",
        }
        for cell in said["cells"]
    ]  # fmt: skip
    named = [(asked.say("threat", rule=rule), said["threat"]["payoffs"], "threat")]
    if nash["mixture"]:
        named += [(asked.say("nash"), nash["payoffs"], "nash")]
    if fair["mixture"]:
        named += [(asked.say("kalai_smorodinsky"), fair["payoffs"], "fair")]
    rows += [{"label": label, "first": at[0], "second": at[1], "kind": kind} for label, at, kind in named]
    edge = [(one["payoffs"][0], one["payoffs"][1]) for one in said["set"]["frontier"]]
    basis = told.basis

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return deal(rows, caption_of(asked, title, basis, bare=bare), edge=edge, sides=told.sides, width=width)

    return Section("set", title, [Figure(draw, rows), _points(told)], basis=basis, note=asked.say("set_note"))


def _points(told: Told) -> Table:
    asked, said = told.asked, told.said
    columns = (
        Column("point", asked.say("point")),
        Column("agreed", asked.say("agreed"), "wide"),
        *(Column(f"gain{s}", asked.say("gain_drawn", side=name), "number") for s, name in enumerate(told.sides)),
        Column("both", asked.say("both_gain"), "number"),
    )
    cells: list[dict[str, Cell]] = []
    for key in ("nash", "kalai_smorodinsky"):
        point = said["set"][key]
        row: dict[str, Cell] = {"point": asked.say(key), "agreed": told.lottery(point) or "–"}
        for s in (0, 1):
            ends = f"{spell(point['drawn'][s]['p05'])} – {spell(point['drawn'][s]['p95'])}"
            row[f"gain{s}"] = f"{spell(point['gains'][s])} ({ends})"
        cells.append(row | {"both": told.percent(point["both_gain"])})
    return Table(columns, cells)
