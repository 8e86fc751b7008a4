"""Home to the passport of a lot on a page to be printed: what it is, where it is from, which regimes it satisfies, and
the code that leads to its proof.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import custodial, lawyerly, packing
from ytterby.desk.blocks import (
    Block,
    Cell,
    Chip,
    Column,
    Facts,
    Field,
    Figure,
    Form,
    Link,
    Notice,
    Table,
    Text,
    Tone,
    Written,
)
from ytterby.desk.page import Asked, KeyFigure, Page, Saved, Section, Shown
from ytterby.desk.tracked import Tracked, tracked
from ytterby.figures.words import percent
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.project import Project

REGIMES = {
    "cn-18": ("China, Announcement 18 of 2025", "中国 2025 年第 18 号公告"),
    "cn-61": ("China, Announcement 61 of 2025", "中国 2025 年第 61 号公告"),
    "us-dfars-2027": ("US, DFARS from 2027", "美国 DFARS（2027 年起）"),
    "eu-crma": ("EU, Critical Raw Materials Act", "欧盟《关键原材料法》"),
}
ASKS = {
    "it may leave China without a licence": "无需许可即可离开中国",
    "it may move between two other countries without a Chinese licence": "在两个第三国之间转移无需中国许可",
    "it may be delivered to the US Department of Defense": "可交付美国国防部",
    "it meets the benchmarks of the Union for 2030": "达到欧盟 2030 年基准",
}
_TONES: dict[str, Tone] = {
    "satisfied": "good",
    "not satisfied": "bad",
    "undetermined": "contested",
    "out of scope": "plain",
}
WORDS = {
    **custodial.WORDS,
    **lawyerly.WORDS,
    "nav": ("Passport", "批次护照"),
    "title": (
        "{what}: of {n} answers of the regimes {yes} are satisfied, {no} not, {unsure} cannot be said",
        "{what}：{n} 项合规判定中，{yes} 项满足，{no} 项不满足，{unsure} 项无法判定",
    ),
    "basis": ("{lot} · made {made} · rules as known {known}", "{lot} · 制作于 {made} · 规则截至 {known}"),
    "item": ("What it is", "基本信息"),
    "lot": ("Lot", "批次"),
    "material": ("Material", "物料"),
    "mass": ("Mass", "质量"),
    "made_in": ("Made in", "制造国"),
    "mined": ("Mined in", "开采国"),
    "refined": ("Refined in", "精炼国"),
    "melted": ("Melted in", "熔炼国"),
    "technology": ("Technology of", "技术来源"),
    "assays": ("Assay", "化验"),
    "from_registry": ("by the registry, not by an assay", "据登记册，非化验值"),
    "value_kg": ("USD a kg", "美元/千克"),
    "untold": ("not told", "未说明"),
    "by_mass": ("mass", "质量"),
    "by_value": ("value", "价值"),
    "code": ("Scan to check", "扫码核验"),
    "code_basis": ("Lot, digest and head, as text", "以文本形式含批次、摘要与账本头"),
    "code_none": (
        "The code is drawn where the extra 'custody' is installed; the digest below does the same.",
        "安装 custody 附加组件后可绘制二维码；下方摘要作用相同。",
    ),
    "digest": ("Digest", "摘要"),
    "regimes": ("What the regimes say, under each reading", "各制度在不同解读下的判定"),
    "regime": ("Regime", "制度"),
    "status": ("Answer", "判定"),
    "status_satisfied": ("satisfied", "满足"),
    "status_not": ("not satisfied", "不满足"),
    "status_undetermined": ("cannot be said", "无法判定"),
    "status_out": ("out of scope", "不适用"),
    "reading": ("Reading", "解读"),
    "clauses": ("Clauses", "条款"),
    "margin": ("Share against its line", "占比与门槛"),
    "missing": ("Not told", "缺少事实"),
    "any_reading": ("every reading alike", "各解读一致"),
    "assumed_route": (
        "Transfers that have not happened are assumed: the table of the JSON names each.",
        "尚未发生的转移为假设，JSON 中逐项列明。",
    ),
    "origins": ("Where it is from", "来源"),
    "path": ("The way here, {n} steps", "来路，共 {n} 步"),
    "step": ("Step", "步骤"),
    "models": ("What it may claim of its main origin", "可对主要来源作出的声明"),
    "model": ("Model of ISO 22095", "ISO 22095 模式"),
    "holds": ("Holds", "成立"),
    "claim": ("Claim", "声明"),
    "proof": ("Proof", "证明"),
    "proof_basis": (
        "{n} events, each with its proof of inclusion in the ledger's head; checked offline by: ytterby passport "
        "verify",
        "{n} 条事件，均附账本头的入账证明；可用 ytterby passport verify 离线核验",
    ),
    "root": ("Root of the head", "账本头树根"),
    "size": ("Events in the ledger", "账本事件数"),
    "co2": ("CO2", "二氧化碳"),
    "co2_none": ("none told: no event tells what was emitted", "未说明：没有事件写明排放"),
    "save": ("Save the passport", "保存护照"),
    "save_basis": (
        "With all names it is one JSON file; with names withheld a zip, with the file that opens them for you alone",
        "全部公开时为一个 JSON 文件；隐去名称时为 zip，附仅供您保管的还原文件",
    ),
    "save_json": ("JSON with every name", "含全部名称的 JSON"),
    "names": ("Names shown", "公开的名称"),
    "names_all": ("all", "全部"),
    "names_none": ("none", "全部不公开"),
    "names_facility": ("facilities only", "仅设施"),
    "names_lot": ("lots only", "仅批次"),
    "names_event": ("events only", "仅事件"),
    "go": ("Save", "保存"),
    "to_lot": ("The lot", "批次页面"),
}  # fmt: skip
KINDS = ("all", "none", "facility", "lot", "event")
LONGEST = 40
"""Steps of the way shown on the page."""


def build(project: Project, asked: Asked) -> Shown:
    """The passport of a lot with every name."""
    held, name = _lot(project, asked)
    if name != asked.name:
        return Shown(asked.say("nav"), to=asked.to("passport", name))
    told = made(project, held, name)
    item, answers = told["item"], told["regimes"]
    counts = Counter(one["status"] for one in answers)
    what = custodial.stuff(asked, item["material"]) if item["material"] else custodial.short(name)
    sections = [
        _item(asked, told), _code(asked, told), _regimes(asked, answers), _origins(asked, held, told),
        _models(asked, told), *_path(asked, held, told), _proof(asked, told), _save(asked, name),
    ]  # fmt: skip
    mass = item["micrograms"]
    return Shown(
        asked.say(
            "title", what=what, n=len(answers), yes=counts["satisfied"], no=counts["not satisfied"],
            unsure=counts["undetermined"],
        ),
        sections,
        basis=asked.say("basis", lot=name, made=told["made"][:10], known=told["rules"]["known"]),
        keys=[
            KeyFigure(asked.say("mass"), custodial.weighed(mass / 1e9) if mass is not None else None),
            KeyFigure(asked.say("made_in"), _countries(asked, item["made_in"])),
            KeyFigure(asked.say("status_satisfied"), counts["satisfied"]),
            KeyFigure(asked.say("status_not"), counts["not satisfied"]),
            KeyFigure(asked.say("status_undetermined"), counts["undetermined"]),
        ],
        crumbs=custodial.crumbs(asked, Link(asked.say("to_lot"), asked.to("lot", name))),
        rows=[_row(one) for one in answers],
        data={"digest": told["digest"], "head": told["evidence"]["head"]},
    )  # fmt: skip


def made(project: Project, held: Tracked, lot: str) -> dict[str, Any]:
    """The passport with every name; of one head and day it stays the same, so that its digest does."""

    def make() -> dict[str, Any]:
        found, _ = project.passport(lot)
        return found

    return held.lately(f"passport:{lot}:{datetime.date.today()}", make)


def _lot(project: Project, asked: Asked) -> tuple[Tracked, str]:
    held = tracked(project)
    if held is None:
        raise UnknownName(asked.name, (), "lot", remedy=asked.say("nothing_yet"))
    return held, held.book.lot_name(held.lot(asked.name))


def _countries(asked: Asked, codes: Sequence[str]) -> str:
    return asked.say("comma").join(custodial.country(asked, one) for one in codes) or asked.say("untold")


def _item(asked: Asked, told: Mapping[str, Any]) -> Section:
    item = told["item"]
    assays = asked.say("comma").join(f"{symbol} {ppb / 1e7:.4g} %" for symbol, ppb in item["assays_ppb"].items())
    facts: list[tuple[str, Cell]] = [
        (asked.say("material"), custodial.stuff(asked, item["material"])),
        (asked.say("made_in"), _countries(asked, item["made_in"])),
        *((asked.say(stage), _countries(asked, codes)) for stage, codes in item["stages"].items()),
        (asked.say("technology"), _countries(asked, item["technology"])),
        (
            asked.say("assays"),
            assays or (asked.say("from_registry") if item["assays_from_registry"] else asked.say("untold")),
        ),
        (asked.say("co2"), asked.say("co2_none")),
    ]
    if item["usd_per_kg"] is not None:
        facts.append((asked.say("value_kg"), float(item["usd_per_kg"])))
    return Section("item", asked.say("item"), [Facts(facts)], width="wide")


def claim(told: Mapping[str, Any]) -> str:
    """What the code says: the lot, the digest of the passport, and the head its proofs lead to."""
    head = told["evidence"]["head"]
    return f"{told['lot']}\nsha256:{told['digest']}\nledger:{head['ledger']}:{head['size']}:{head['root']}"


def _code(asked: Asked, told: Mapping[str, Any]) -> Section:
    from ytterby.figures import Caption, code

    text = claim(told)
    blocks: list[Block] = []
    try:
        import segno
    except ImportError:
        blocks.append(Notice(asked.say("code_none")))
    else:
        modules = [[int(one) & 1 for one in row] for row in segno.make(text, micro=False, error="m").matrix]

        def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
            return code(modules, Caption(asked.say("code"), language=asked.lang, description=text), width=width)

        blocks.append(Figure(draw, narrow=False))
    blocks.append(Facts([(asked.say("digest"), told["digest"])]))
    return Section("code", asked.say("code"), blocks, basis=asked.say("code_basis"), width="third")


def _status(asked: Asked, status: str) -> Chip:
    key = {"satisfied": "satisfied", "not satisfied": "not", "out of scope": "out"}.get(status, "undetermined")
    return Chip(asked.say(f"status_{key}"), _TONES.get(status, "plain"))


def _row(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: one[key] for key in ("regime", "reading", "on", "status", "outcome", "clauses", "missing", "next_change")
    }


def _regimes(asked: Asked, answers: Sequence[Mapping[str, Any]]) -> Section:
    columns = (
        Column("regime", asked.say("regime")),
        Column("status", asked.say("status")),
        Column("reading", asked.say("reading")),
        Column("margin", asked.say("margin"), "wide"),
        Column("clauses", asked.say("clauses"), "wide"),
        Column("missing", asked.say("missing"), "wide"),
    )
    cells: list[dict[str, Cell]] = []
    for one, readings in _alike(answers):
        asks = ASKS.get(one["asks"], one["asks"]) if asked.lang == "zh" else one["asks"]
        name = REGIMES.get(one["regime"], (one["regime"], one["regime"]))[asked.lang == "zh"]
        cells.append(
            {
                "regime": f"{name}{asked.say('colon')}{asks}",
                "status": _status(asked, one["status"]),
                "reading": asked.say("comma").join(lawyerly.reading(asked, each) for each in readings)
                if readings
                else asked.say("any_reading"),
                "margin": _margins(asked, one["margins"]),
                "clauses": lawyerly.links(asked, one["clauses"]),
                "missing": custodial.english(asked, ", ".join(map(str, one["missing"]))) if one["missing"] else "–",
            }
        )
    table = Table(columns, cells, data=[dict(one) for one in answers])
    return Section("regimes", asked.say("regimes"), [table], note=asked.say("assumed_route"))


def _alike(answers: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[str]]]:
    """Answers of a regime that say the same, together with their readings; none where all readings agree."""
    found: dict[tuple[str, str, str], tuple[Mapping[str, Any], list[str]]] = {}
    each: Counter[str] = Counter()
    for one in answers:
        key = (one["regime"], one["status"], " ".join(one["clauses"]))
        found.setdefault(key, (one, []))[1].append(one["reading"])
        each[one["regime"]] += 1
    return [(one, [] if len(readings) == each[one["regime"]] else readings) for one, readings in found.values()]


def _margins(asked: Asked, margins: Sequence[Mapping[str, Any]]) -> str:
    told = []
    for one in margins:
        low, high = one["low"], one["high"]
        if low is None or high is None:
            told.append(f"{asked.say('untold')} / {_line(asked, one['at'])}")
            continue
        ends = [percent(asked.lang, float(end["value"])) for end in (low, high)]
        share = ends[0] if ends[0] == ends[1] else f"{ends[0]} – {ends[1]}"
        told.append(f"{one['origin'] or ''} {share} / {_line(asked, one['at'])}".strip())
    return "; ".join(told) or "–"


def _line(asked: Asked, at: str) -> str:
    """A threshold as the regime has it: a share in percent."""
    from fractions import Fraction

    try:
        share = float(Fraction(at)) * 100
    except (ValueError, ZeroDivisionError):
        return at
    return f"{share:.4g}%" if asked.lang == "zh" else f"{share:.4g}\u00a0%"


def _origins(asked: Asked, held: Tracked, told: Mapping[str, Any]) -> Section:
    from ytterby.figures import Caption, stacks

    untold = asked.say("untold")
    data = [
        {
            "facility": one["facility"],
            "country": one["country"],
            "basis": basis,
            "share": float(share["value"]),
        }
        for one in told["origins"]
        for basis, share in one["share"].items()
    ]
    rows = [
        {
            "label": asked.say(f"by_{row['basis']}") if row["basis"] in ("mass", "value") else row["basis"],
            "name": custodial.site(asked, held, row["facility"]) if row["facility"] else untold,
            "value": min(1.0, max(0.0, row["share"])),
        }
        for row in data
    ]

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = Caption(asked.say("origins"), language=asked.lang, bare=bare)
        return stacks(rows, caption, unknown=untold, width=width)

    return Section("origins", asked.say("origins"), [Figure(draw, data)], width="wide")


def _models(asked: Asked, told: Mapping[str, Any]) -> Section:
    columns = (
        Column("model", asked.say("model")),
        Column("holds", asked.say("holds")),
        Column("claim", asked.say("claim")),
    )
    cells: list[dict[str, Cell]] = [
        {
            "model": custodial.model(asked, one["model"]),
            "holds": bool(one["holds"]),
            "claim": f"{custodial.country(asked, one['claim'])} {percent(asked.lang, float(one['share']['value']))}",
        }
        for one in (*told["models"], *told.get("accounts", ()))
    ]
    data = [dict(one) for one in (*told["models"], *told.get("accounts", ()))]
    return Section("models", asked.say("models"), [Table(columns, cells, data=data)], width="third")


def _path(asked: Asked, held: Tracked, told: Mapping[str, Any]) -> list[Section]:
    steps = told["path"]
    if not steps:
        return []
    columns = (
        Column("time", asked.say("time"), "date"),
        Column("step", asked.say("step")),
        Column("where", asked.say("where_at")),
        Column("country", asked.say("place_head")),
        Column("lot", asked.say("lot_head"), "wide"),
        Column("number", asked.say("number_head"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "time": one["time"][:16].replace("T", " "),
            "step": custodial.done(asked, {"kind": one["kind"], "step": one["step"], "action": ""}),
            "where": custodial.site_link(asked, held, one["facility"]),
            "country": custodial.country(asked, one["country"]) if one["country"] else "–",
            "lot": custodial.lot_link(asked, one["lot"]),
            "number": Link(f"{one['sequence']}", asked.to("event", f"{one['sequence']}")),
        }
        for one in steps[:LONGEST]
    ]
    table = Table(columns, cells, data=[dict(one) for one in steps])
    return [Section("path", asked.say("path", n=len(steps)), [table])]


def _proof(asked: Asked, told: Mapping[str, Any]) -> Section:
    head = told["evidence"]["head"]
    facts = Facts(
        [
            (asked.say("root"), str(head["root"])),
            (asked.say("size"), int(head["size"])),
            (asked.say("digest"), str(told["digest"])),
        ]
    )
    basis = asked.say("proof_basis", n=f"{len(told['evidence']['events']):,}")
    return Section("proof", asked.say("proof"), [facts], basis=basis, width="half")


def _save(asked: Asked, name: str) -> Section:
    options = [(one, asked.say(f"names_{one}")) for one in KINDS]
    field = Field("names", asked.say("names"), "select", "all", options)
    form = Form("save", [field], asked.say("go"), asked.to("passport-file", name), method="get")
    plain = Text([Link(asked.say("save_json"), asked.to("passport-file", name))])
    return Section("save", asked.say("save"), [plain, form], basis=asked.say("save_basis"), width="half")


def file(project: Project, asked: Asked) -> Shown:
    """The passport as a file: with every name JSON, else a zip with what opens those that are withheld."""
    held, name = _lot(project, asked)
    names = asked.choice("names", KINDS, "all")
    stem = "passport-" + "".join(one if one.isalnum() and one.isascii() else "-" for one in custodial.short(name))
    if names == "all":
        told = made(project, held, name)
        body = json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
        saved = Saved(f"{stem}.json", "application/json", body)
    else:
        told, openings = project.passport(name, disclose=(names,))
        saved = packing.packed(stem, {f"{stem}.json": json.dumps(told, ensure_ascii=False, indent=1)}, openings)
    section = Section("passport", asked.say("nav"), [Written(told["digest"], asked.say("digest"))])
    return Shown(asked.say("nav"), [section], data={"passport": told}, file=saved)


PAGES = (
    Page("passport", build, WORDS, about=("lot",), under="custody"),
    Page("passport-file", file, WORDS, about=("lot",), under="custody", live=True),
)
