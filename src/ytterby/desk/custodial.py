"""Home to how custody is said on a page: facilities, lots and events by name, with the words all its pages share."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import figured, worldly
from ytterby.desk.blocks import Block, Cell, Chip, Column, Link, Notice, Pager, Table, Text, Tongue, Words
from ytterby.desk.page import Asked, Section, Shown
from ytterby.figures.scales import spell
from ytterby.terms.elements import RECORDS
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.desk.tracked import Tracked

KINDS = {
    "object": ("things seen or moved", "物品事件"),
    "aggregation": ("packing", "包装"),
    "transaction": ("transaction", "交易"),
    "transformation": ("processing", "加工"),
    "association": ("fitting", "装配"),
}
STEPS = {
    "commissioning": ("brought into being", "建立批次"),
    "creating_class_instance": ("made", "制成"),
    "shipping": ("shipped", "发货"),
    "receiving": ("received", "收货"),
    "accepting": ("accepted", "验收"),
    "decommissioning": ("taken out", "注销"),
    "destroying": ("destroyed", "销毁"),
    "consigning": ("consigned", "托运"),
    "stock_taking": ("counted", "盘点"),
    "cycle_counting": ("counted", "循环盘点"),
    "inspecting": ("inspected", "检验"),
    "sampling": ("sampled", "取样"),
    "storing": ("stored", "入库"),
    "packing": ("packed", "装箱"),
    "unpacking": ("unpacked", "拆箱"),
    "assembling": ("assembled", "组装"),
    "disassembling": ("taken apart", "拆解"),
    "installing": ("fitted", "安装"),
    "collecting": ("collected", "回收收集"),
    "transporting": ("carried", "运输"),
    "departing": ("departed", "离开"),
    "arriving": ("arrived", "到达"),
    "retail_selling": ("sold", "销售"),
}
FLOWS = {
    "ADD": ("added", "加入"),
    "OBSERVE": ("seen", "记录"),
    "DELETE": ("removed", "移除"),
    "": ("", ""),
}
MODELS = {
    "identity preserved": ("identity preserved", "身份保持"),
    "segregated": ("segregated", "隔离"),
    "controlled blending": ("controlled blending", "受控混合"),
    "mass balance, rolling average": ("mass balance, rolling average", "质量平衡（滚动平均）"),
    "mass balance, credits": ("mass balance, credits", "质量平衡（信用额）"),
}
"""Models of ISO 22095 in words."""
WORDS: dict[str, tuple[str, str]] = {
    "custody": ("Custody", "追溯"),
    "comma": (", ", "、"),
    "colon": (": ", "："),
    "nothing_yet": ("Nothing is tracked yet", "尚未追溯任何物料"),
    "begin_lead": (
        "Custody begins with events: who made, moved, split or joined which lot. Capture a file of EPCIS 2.0 or 1.2, "
        "or fill in one of the tables.",
        "追溯从事件开始：谁制造、转移、拆分或合并了哪个批次。请采集 EPCIS 2.0 或 1.2 文件，或填写下面的表格模板。",
    ),
    "begin": ("How to begin", "如何开始"),
    "begin_desk": ("Send a file on the page Custody, ", "在“追溯”页上传文件，"),
    "begin_there": ("capture", "采集事件"),
    "begin_terminal": ("or in a terminal: ", "或在终端运行："),
    "time": ("When", "时间"),
    "done_head": ("What", "事项"),
    "where_at": ("Where", "地点"),
    "lots_head": ("Lots", "批次"),
    "lot_head": ("Lot", "批次"),
    "kg": ("kg", "千克"),
    "number_head": ("No.", "序号"),
    "events_head": ("Events", "事件"),
    "facility_head": ("Facility", "设施"),
    "place_head": ("Country", "国家"),
    "stage_head": ("Stage", "环节"),
    "element_head": ("Element", "元素"),
    "month_head": ("Month", "月份"),
    "share_head": ("Share", "占比"),
    "material_head": ("Material", "物料"),
    "wrong_event": ("declared wrong", "已声明有误"),
    "and_more": ("and {n} more", "另 {n} 个"),
    "nowhere": ("not told", "未说明"),
    "all_material": ("all material", "全部物料"),
    "unregistered": ("not in the registry", "未登记"),
    "rows_shown": ("{n} in all", "共 {n} 项"),
    **{f"kind_{name}": pair for name, pair in KINDS.items()},
}
"""Words that the pages of custody share; a page adds its own."""


def kg(micrograms: float) -> float:
    """Micrograms as kilograms, rounded to what a reader takes in."""
    return float(f"{micrograms / 1e9:.6g}")


def weighed(kilograms: float) -> str:
    """Kilograms in words, tonnes from a thousand on."""
    kilograms = rounded(kilograms)
    big = abs(kilograms) >= 1000.0
    return f"{spell(kilograms / 1000.0 if big else kilograms)}\u00a0{'t' if big else 'kg'}"


def moment(microseconds: int) -> str:
    """A time as a reader writes it, UTC."""
    when = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=int(microseconds))
    return when.strftime("%Y-%m-%d %H:%M")


def step(asked: Asked, name: str, action: str = "") -> str:
    """What was done, in words; a word of the vocabulary we have none for stays as it is."""
    known = STEPS.get(name)
    if known is not None:
        return known[asked.lang == "zh"]
    return name.replace("_", " ") or FLOWS.get(action, (action, action))[asked.lang == "zh"]


def done(asked: Asked, row: Mapping[str, Any]) -> str:
    """What an event was, in words, from its plain row."""
    if row["kind"] == "transformation":
        return asked.say("kind_transformation")
    return step(asked, row["step"], row["action"]) or asked.say(f"kind_{row['kind']}")


def signed(value: float) -> str:
    """A difference in words, with its sign."""
    near = rounded(value)
    return f"+{spell(near)}" if near > 0 else spell(near)


def short(address: str) -> str:
    """An address without what all addresses of its kind begin with, cut in its middle."""
    text = address.removeprefix("https://").removeprefix("http://").removeprefix("urn:x-ytterby:")
    for lead in ("ytterby.org/world/lot/", "ytterby.org/world/facility/", "ytterby.org/world/", "id.gs1.org/", "lot:"):
        text = text.removeprefix(lead)
    return text if len(text) <= 40 else f"{text[:14]}…{text[-25:]}"


def site(asked: Asked, held: Tracked, name: str) -> str:
    """A facility or party by its name in the page's language; its address in short where nobody named it."""
    if not name:
        return asked.say("nowhere")
    found = held.record(name) or held.registry.party(name)
    if found is None:
        return short(name)
    return (found.name_zh if asked.lang == "zh" else "") or found.name or short(found.id)


def site_link(asked: Asked, held: Tracked, name: str) -> Words:
    """The same, leading to its balance where something took place there."""
    words = site(asked, held, name)
    return Link(words, asked.to("plant", name), hint=name) if name in held.counts else words


def lot_link(asked: Asked, address: str) -> Link:
    """A lot, leading to its page."""
    return Link(short(address), asked.to("lot", address), hint=address)


def lot_cell(asked: Asked, held: Tracked, codes: Sequence[int], most: int = 2) -> Words:
    """Lots in a row of a table, the first by name and the others counted."""
    told: list[Any] = []
    for code in list(dict.fromkeys(codes))[:most]:
        told += [", ", lot_link(asked, held.book.lot_name(code))]
    rest = len(set(codes)) - most
    if rest > 0:
        told += [", ", asked.say("and_more", n=rest)]
    return told[1:] or "–"


def event_row(held: Tracked, row: int, of: int = -1) -> dict[str, Any]:
    """One event of the book as a plain row; its mass is that of one lot, where one is named by its code."""
    from ytterby.custody.book.layout import ACTIONS, INPUT
    from ytterby.custody.event import KINDS as NAMES

    book = held.book
    links = held.links
    pieces = links.pieces(row)
    told = [(int(links.lot[p]), int(links.role[p]), int(links.mass[p])) for p in pieces]
    mass = [m for lot, role, m in told if m >= 0 and (lot == of if of >= 0 else role != INPUT)]
    place = int(book["events.place"][row])
    return {
        "sequence": int(book["events.sequence"][row]),
        "time": moment(int(book["events.time"][row])),
        "kind": NAMES[int(book["events.kind"][row])],
        "action": ACTIONS[int(book["events.action"][row])],
        "step": book.name("steps", int(book["events.step"][row])),
        "facility": held.places[place] if place >= 0 else "",
        "from": held.facility(found) if (found := book.party_name(int(book["events.source"][row]))) else "",
        "to": held.facility(found) if (found := book.party_name(int(book["events.destination"][row]))) else "",
        "kg": kg(sum(mass)) if mass else None,
        "lots": [book.lot_name(code) for code, *_ in told[:12]],
        "mistaken": bool(book.mistaken[row]),
    }


def events(asked: Asked, held: Tracked, rows: Sequence[int], pager: Pager | None = None, *, of: int = -1) -> Table:
    """Events of the book as a table, in the order given, with the masses of one lot where its code is told."""
    columns = (
        Column("time", asked.say("time"), "date"),
        Column("what", asked.say("done_head")),
        Column("where", asked.say("where_at")),
        Column("lots", asked.say("lots_head"), "wide"),
        Column("kg", asked.say("kg"), "number"),
        Column("number", asked.say("number_head"), "number"),
    )
    data = [event_row(held, row, of) for row in rows]
    links = held.links
    cells: list[dict[str, Cell]] = []
    for row, one in zip(rows, data, strict=True):
        what: list[Any] = [done(asked, one)]
        if one["mistaken"]:
            what += [" ", Chip(asked.say("wrong_event"), "rejected")]
        where: list[Any] = [site_link(asked, held, one["facility"])]
        if one["to"] and one["to"] != one["facility"]:
            where += [" → ", site_link(asked, held, one["to"])]
        codes = [int(links.lot[piece]) for piece in links.pieces(row)]
        cells.append(
            {
                "time": one["time"],
                "what": flattened(what),
                "where": flattened(where),
                "lots": lot_cell(asked, held, codes),
                "kg": one["kg"],
                "number": Link(f"{one['sequence']}", asked.to("event", f"{one['sequence']}")),
            }
        )
    return Table(columns, cells, data=data, pager=pager)


def flattened(pieces: Sequence[Any]) -> Words:
    """Pieces of a line in one row, whatever rows they came in."""
    found: list[Any] = []
    for one in pieces:
        found += one if isinstance(one, list | tuple) else [one]
    return found


def crumbs(asked: Asked, *more: Link) -> list[Link]:
    """The way to a page of custody."""
    return [Link(asked.say("custody"), asked.to("custody")), *more]


def empty(asked: Asked, *blocks: Block) -> Shown:
    """The page before anything was captured: honest, and with the way to begin."""
    begin = Text(
        [
            (asked.say("begin_desk"), Link(asked.say("begin_there"), asked.to("custody", at="capture")), "."),
            (asked.say("begin_terminal"), "ytterby capture FILE"),
        ]
    )
    section = Section("begin", asked.say("begin"), [*blocks, begin])
    return Shown(asked.say("nothing_yet"), [section], lead=asked.say("begin_lead"), crumbs=crumbs(asked), rows=())


def refused_registry(asked: Asked, held: Tracked) -> list[Block]:
    """What is wrong with the registry, where it cannot be read."""
    if held.error is None:
        return []
    told = " · ".join(one for one in (held.error.cause, held.error.place, held.error.remedy) if one)
    return [Notice(told, "bad")]


def country(asked: Asked, code: str) -> str:
    """A country by its name; nothing told is said so."""
    return figured.where(code, asked.lang) if code else asked.say("nowhere")


def stage(asked: Asked, name: str) -> str:
    """A stage of the chain as a reader calls it; one we have no word for as the registry has it."""
    pair = worldly.STAGES.get(name, (name, name))
    return pair[asked.lang == "zh"]


def element(asked: Asked, symbol: str) -> str:
    """An element by its name, as it stands in a sentence."""
    found = RECORDS.get(symbol)
    if found is None:
        return symbol
    return found.zh if asked.lang == "zh" else found.en.lower()


def material(asked: Asked, held: Tracked, lot: int) -> str:
    """The material of a lot as its latest piece that tells one has it."""
    book, links = held.book, held.links
    for strand in range(3):
        for row in links.strand(lot, strand):
            name = book.name("materials", int(book["moves.material"].data[row]))
            if name:
                return stuff(asked, name)
    return "–"


def stuff(asked: Asked, name: str) -> str:
    """A material by its name where it is one of ours; else as it was told."""
    from ytterby.terms.materials import material as record

    if not name:
        return asked.say("nowhere")
    try:
        found = record(name)
    except UnknownName:
        return name
    return found.zh if asked.lang == "zh" else found.en


def english(asked: Asked, text: str) -> Words:
    """Words that stand in English only, marked as that on a Chinese page."""
    return text if asked.lang == "en" else Tongue(text, "en")


def rounded(value: float) -> float:
    """Kilograms for a table: five figures, and nothing left of what rounding left."""
    return 0.0 if abs(value) < 1e-6 else float(f"{value:.5g}")


def model(asked: Asked, name: str) -> str:
    """A custody model in words."""
    return MODELS.get(name, (name, name))[asked.lang == "zh"]
