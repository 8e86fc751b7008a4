"""Home to the ledger: its head, whether it is whole, what was refused, and one event with the proof that it is in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ytterby.desk import custodial
from ytterby.desk.blocks import Block, Cell, Column, Facts, Field, Form, Item, Items, Link, Notice, Table, Text, Written
from ytterby.desk.page import Asked, Done, Given, Page, Saved, Section, Shown
from ytterby.desk.tracked import Tracked, refusals, tracked
from ytterby.terms.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from ytterby.custody.ledger import Kept
    from ytterby.project import Project

WORDS = {
    **custodial.WORDS,
    "nav": ("Ledger", "账本"),
    "title": ("The ledger holds {n} events", "账本共有 {n} 条事件"),
    "title_whole": (
        "The ledger holds {n} events and was whole when last checked",
        "账本共有 {n} 条事件，最近一次校验完好",
    ),
    "title_broken": ("The ledger was not whole when last checked", "最近一次校验发现账本不完好"),
    "basis": ("Append-only, hash-chained; head of {time} UTC", "只增不改、哈希链接；账本头时间 {time}（UTC）"),
    "head": ("The head: what to publish", "账本头：供公布"),
    "head_basis": (
        "Whoever has a head can check later that nothing before it was changed",
        "持有账本头者日后可验证此前内容未被改动",
    ),
    "save_head": ("Save the head as JSON", "保存账本头（JSON）"),
    "heads": ("Heads acknowledged, the newest first", "历次账本头，最新在前"),
    "ledger_id": ("Ledger", "账本编号"),
    "size": ("Events", "事件数"),
    "root": ("Root of the hash tree", "哈希树根"),
    "chain": ("Chain", "链哈希"),
    "when": ("Time", "时间"),
    "against": ("Hold an earlier head against it", "用早先公布的账本头核对"),
    "against_basis": ("Paste the JSON that was published", "粘贴当时公布的 JSON"),
    "published": ("Published head", "已公布的账本头"),
    "compare": ("Compare", "核对"),
    "not_json": ("this is no JSON", "不是 JSON"),
    "as_published": ("paste the head as it was published", "请原样粘贴公布的账本头"),
    "holds": (
        "The ledger still begins with all {n} events of that head.",
        "账本仍以该账本头的全部 {n} 条事件开头。",
    ),
    "holds_not": ("The ledger is not the one of that head: {why}", "账本与该账本头不符：{why}"),
    "check": ("Check every byte", "逐字节校验"),
    "check_never": ("It was not checked on this desk yet", "尚未在此桌面校验"),
    "check_whole": ("Checked on {day}: whole, {n} events", "{day} 校验：完好，共 {n} 条事件"),
    "check_broken": ("Checked on {day}: {n} places do not fit", "{day} 校验：{n} 处不符"),
    "check_go": ("Check now", "立即校验"),
    "file": ("File", "文件"),
    "byte": ("Byte", "字节"),
    "why": ("Why", "原因"),
    "lost": ("Captured data", "原始数据"),
    "refused_title": ("{n} were refused; the latest first", "拒绝 {n} 条，最新在前"),
    "refused_none": ("Nothing was refused", "没有被拒绝的内容"),
    "refused_basis": (
        "Kept with the bytes as they came; nothing that was sent is lost silently",
        "连同原始字节保存；发来的内容绝不会悄然丢失",
    ),
    "newest": ("The latest events", "最近的事件"),
    "event_title": ("{where}: {what} on {time}", "{where}：{time} {what}"),
    "event_mistaken": (
        "This event was declared wrong and counts nowhere.",
        "该事件已声明有误，不计入任何结果。",
    ),
    "event_basis": ("No. {n} of the ledger · captured {time} UTC", "账本第 {n} 条 · 采集于 {time}（UTC）"),
    "event": ("What it says", "内容"),
    "id": ("Identifier", "标识"),
    "digest": ("SHA-256 of its canonical form", "规范形式的 SHA-256"),
    "kind": ("Kind", "类型"),
    "from": ("From", "发自"),
    "to": ("To", "发往"),
    "pieces": ("Lots in it", "涉及批次"),
    "role": ("Part", "角色"),
    "material": ("Material", "物料"),
    "role_what": ("moved or seen", "所涉物品"),
    "role_input": ("went in", "投入"),
    "role_output": ("came out", "产出"),
    "role_child": ("packed", "被装物"),
    "role_parent": ("container", "容器"),
    "doubts": ("What seems wrong with it", "存疑之处"),
    "references": ("What it refers to", "关联单据"),
    "proof": ("Proof that it is in the ledger", "入账证明"),
    "proof_basis": (
        "{n} hashes lead from the event to the root of the head; they are checked without the ledger",
        "由事件到树根共 {n} 个哈希，可脱离账本验证",
    ),
    "save_proof": ("Save the proof as JSON", "保存证明（JSON）"),
    "written": ("As it is kept", "保存形式"),
    "ref_licence": ("Licence", "许可证"),
    "ref_customs": ("Customs declaration", "报关单"),
    "ref_transaction": ("Business transaction", "交易单据"),
    "ref_end_user": ("End user", "最终用户"),
    "ref_end_use": ("End use", "最终用途"),
    "ref_process": ("Process", "工艺"),
    "ref_transformation": ("Transformation", "加工批号"),
    "ref_technology": ("Technology of", "技术来源"),
}  # fmt: skip


def build(project: Project, asked: Asked) -> Shown:
    """The ledger as it is now."""
    held = tracked(project)
    if held is None:
        found = refusals(project, asked)
        return custodial.empty(asked) if not found else _only_refused(asked, found)
    head = held.head.published()
    checked = next((job for job in asked.jobs.all() if job.kind == "verify" and job.state == "done"), None)
    title = asked.say("title", n=f"{held.head.size:,}")
    if checked is not None:
        title = asked.say("title_broken" if checked.result["findings"] else "title_whole", n=f"{held.head.size:,}")
    sections = [_head(asked, head, _heads(project)), _checked(asked), _against(project, asked)]
    sections += [_newest(asked, held), _refused(asked, refusals(project, asked))]
    return Shown(
        title,
        sections,
        basis=asked.say("basis", time=custodial.moment(held.head.time)),
        crumbs=custodial.crumbs(asked),
        rows=[head],
        data={"head": head},
    )


def _only_refused(asked: Asked, found: Any) -> Shown:
    return Shown(asked.say("nothing_yet"), [_refused(asked, found)], crumbs=custodial.crumbs(asked), rows=())


def _head(asked: Asked, head: dict[str, Any], found: list[dict[str, Any]]) -> Section:
    facts = Facts(
        [
            (asked.say("size"), int(head["size"])),
            (asked.say("root"), str(head["root"])),
            (asked.say("chain"), str(head["chain"])),
            (asked.say("when"), str(head["time"])),
            (asked.say("ledger_id"), str(head["ledger"])),
        ]
    )
    earlier = [{"size": one["size"], "time": one["time"]} for one in found]
    columns = (Column("size", asked.say("size"), "number"), Column("time", asked.say("when"), "date"))
    cells = [
        {"size": Link(f"{one['size']:,}", asked.to("head", str(one["size"]))), "time": one["time"][:19]}
        for one in earlier[:10]
    ]
    table = Table(columns, cells, caption=asked.say("heads"), data=found)
    save = Text([Link(asked.say("save_head"), asked.to("head", str(head["size"])))])
    return Section("head", asked.say("head"), [facts, save, table], basis=asked.say("head_basis"))


def _checked(asked: Asked) -> Section:
    jobs = [job for job in asked.jobs.all() if job.kind == "verify"]
    done = next((job for job in jobs if job.state == "done"), None)
    blocks: list[Block] = []
    title = asked.say("check_never")
    if done is not None:
        told = {"day": done.finished[:16].replace("T", " "), "n": len(done.result["findings"])}
        title = asked.say("check_broken", **told)
        if not done.result["findings"]:
            title = asked.say("check_whole", day=told["day"], n=f"{done.result['events']:,}")
        columns = (
            Column("file", asked.say("file")),
            Column("offset", asked.say("byte"), "number"),
            Column("why", asked.say("why"), "wide"),
            Column("lost", asked.say("lost")),
        )
        if done.result["findings"]:
            blocks.append(Table(columns, done.result["findings"]))
    running = next((job for job in jobs if job.open), None)
    if running is not None:
        blocks.append(Text([Link(asked.say("check"), asked.to("job", running.id))]))
    else:
        blocks.append(Form("verify", (), asked.say("check_go"), asked.to("ledger")))
    return Section("check", title, blocks, width="half")


def _against(project: Project, asked: Asked) -> Section:
    field = Field("published", asked.say("published"), "textarea", asked.get("published"), required=True)
    blocks: list[Block] = [Form("against", [field], asked.say("compare"), asked.to("ledger"), method="get")]
    written = asked.get("published")
    if written:
        try:
            head = json.loads(written)
        except (ValueError, RecursionError):
            head = None
        if not isinstance(head, dict):
            raise BadValue(asked.say("not_json"), place="published", remedy=asked.say("as_published"))
        told = project.held(head)
        if told["held"]:
            blocks.insert(0, Notice(asked.say("holds", n=f"{told['from']:,}"), "good"))
        else:
            blocks.insert(0, Notice(asked.say("holds_not", why=told["why"]), "bad"))
    return Section("against", asked.say("against"), blocks, basis=asked.say("against_basis"), width="half")


def _newest(asked: Asked, held: Tracked) -> Section:
    rows = range(len(held.book) - 1, max(-1, len(held.book) - 11), -1)
    return Section("newest", asked.say("newest"), [custodial.events(asked, held, list(rows))])


def _refused(asked: Asked, found: Any) -> Section:
    shown, pager = asked.paged(list(reversed(found)), 20)
    items = [
        Item(
            custodial.english(asked, one.reason),
            meta=" · ".join(filter(None, (one.path, custodial.short(one.id), custodial.moment(one.time)))),
            data=one.to_dict(),
        )
        for one in shown
    ]
    title = asked.say("refused_title", n=f"{len(found):,}") if found else asked.say("refused_none")
    data = [one.to_dict() for one in found]
    block = Items(items, empty=asked.say("refused_none"), pager=pager, data=data)
    return Section("refused", title, [block], basis=asked.say("refused_basis"))


def check(project: Project, asked: Asked, given: Given) -> Done:
    """Has every byte checked, as a job."""
    return Done(asked.to("job", asked.jobs.start("verify", {}).id))


def head(project: Project, asked: Asked) -> Shown:
    """A head as it was acknowledged, by its number of events, as a file."""
    told = next((one for one in _heads(project) if str(one["size"]) == asked.name), None)
    if told is None:
        raise UnknownName(asked.name, (), "head", remedy=asked.say("as_published"))
    body = json.dumps(told, indent=2).encode()
    title = asked.say("head")
    section = Section("head", title, [Written(body.decode(), title)])
    file = Saved(f"head-{told['size']}.json", "application/json", body)
    return Shown(title, [section], crumbs=custodial.crumbs(asked), data=told, file=file)


def _heads(project: Project) -> list[dict[str, Any]]:
    """The heads that were acknowledged, the newest first."""
    from ytterby.custody.ledger import heads
    from ytterby.custody.ledger.ledger import HEADS

    found = [one.published() for _, one in heads.all_of(project.custody / HEADS) if one is not None and one.size]
    return list({one["size"]: one for one in found}.values())[::-1]


def event(project: Project, asked: Asked) -> Shown:
    """One event: by its number in the ledger, or by its id."""
    held = tracked(project)
    if held is None:
        raise UnknownName(asked.name, (), "event", remedy=asked.say("nothing_yet"))
    with project.recorded() as ledger:
        kept = _kept(ledger, asked.name)
        if not asked.name.isdigit():
            return Shown(asked.say("nav"), to=asked.to("event", f"{kept.sequence}"))
        proof = ledger.proof(kept.id)
    row = _row(held, kept.sequence)
    told = custodial.event_row(held, row)
    where = custodial.site(asked, held, told["facility"])
    blocks: list[Block] = [Notice(asked.say("event_mistaken"), "bad")] if told["mistaken"] else []
    what = custodial.done(asked, told)
    blocks.append(_facts(asked, held, kept, told))
    sections = [
        Section("event", asked.say("event"), blocks, width="half"),
        _pieces(asked, held, row),
        *_references(asked, held, row),
        _proof(asked, kept, proof),
        Section("written", asked.say("written"), [Written(_pretty(kept.body), asked.say("written"))]),
    ]
    return Shown(
        asked.say("event_title", what=what, where=where, time=told["time"]),
        sections,
        basis=asked.say("event_basis", n=f"{kept.sequence:,}", time=custodial.moment(kept.recorded)),
        crumbs=custodial.crumbs(asked, Link(asked.say("nav"), asked.to("ledger"))),
        rows=[told],
        data={"id": kept.id, "digest": kept.digest.hex(), "event": json.loads(kept.body), "proof": proof},
    )


def _kept(ledger: Any, name: str) -> Kept:
    if name.isascii() and name.isdigit() and len(name) < 16:
        if int(name) >= len(ledger):
            raise UnknownName(name, (), "event")
        found: Kept = ledger.at([int(name)])[0]
        return found
    named: Kept = ledger.event(name)
    return named


def _row(held: Tracked, sequence: int) -> int:
    import numpy as np

    row = int(np.searchsorted(held.book["events.sequence"], sequence))
    if row >= len(held.book) or int(held.book["events.sequence"][row]) != sequence:
        raise UnknownName(str(sequence), (), "event")
    return row


def _facts(asked: Asked, held: Tracked, kept: Kept, told: dict[str, Any]) -> Facts:
    facts: list[tuple[str, Cell]] = [
        (asked.say("kind"), asked.say(f"kind_{told['kind']}")),
        (asked.say("time"), f"{told['time']} UTC"),
        (asked.say("where_at"), custodial.site_link(asked, held, told["facility"])),
    ]
    for key in ("from", "to"):
        if told[key]:
            facts.append((asked.say(key), custodial.site_link(asked, held, told[key])))
    facts += [(asked.say("id"), kept.id), (asked.say("digest"), kept.digest.hex())]
    return Facts(facts)


def _pieces(asked: Asked, held: Tracked, row: int) -> Section:
    from ytterby.custody.event import ROLES

    book, links = held.book, held.links
    columns = (
        Column("role", asked.say("role")),
        Column("lot", asked.say("lot_head"), "wide"),
        Column("material", asked.say("material")),
        Column("kg", asked.say("kg"), "number"),
    )
    data = [
        {
            "role": ROLES[links.role[piece]],
            "lot": book.lot_name(links.lot[piece]),
            "material": book.name("materials", int(book["moves.material"][piece])),
            "kg": custodial.kg(links.mass[piece]) if links.mass[piece] >= 0 else None,
        }
        for piece in links.pieces(row)
    ]
    shown, pager = asked.paged(data, 40)
    cells: list[dict[str, Cell]] = [
        {**one, "role": asked.say(f"role_{one['role']}"), "lot": custodial.lot_link(asked, str(one["lot"]))}
        for one in shown
    ]
    return Section("pieces", asked.say("pieces"), [Table(columns, cells, data=data, pager=pager)], width="half")


def _references(asked: Asked, held: Tracked, row: int) -> list[Section]:
    from ytterby.custody.book.layout import REFERENCES

    book = held.book
    rows = (book["references.event"] == row).nonzero()[0].tolist()
    facts: list[tuple[str, Cell]] = []
    for at in rows:
        name = book.name("names", int(book["references.name"][at]))
        facts.append((asked.say(f"ref_{REFERENCES[int(book['references.kind'][at])]}"), custodial.short(name)))
    return [Section("references", asked.say("references"), [Facts(facts)], width="half")] if facts else []


def _proof(asked: Asked, kept: Kept, proof: dict[str, Any]) -> Section:
    facts = Facts([(asked.say("root"), proof["head"]["root"]), (asked.say("size"), int(proof["head"]["size"]))])
    save = Text([Link(asked.say("save_proof"), asked.to("proof", f"{kept.sequence}"))])
    basis = asked.say("proof_basis", n=len(proof["proof"]))
    return Section("proof", asked.say("proof"), [facts, save], basis=basis, width="half")


def proof(project: Project, asked: Asked) -> Shown:
    """The proof of an event, as a file."""
    with project.recorded() as ledger:
        kept = _kept(ledger, asked.name)
        told = ledger.proof(kept.id)
    body = json.dumps(told, indent=2).encode()
    section = Section("proof", asked.say("proof"), [Written(body.decode(), asked.say("proof"))])
    file = Saved(f"proof-{kept.sequence}.json", "application/json", body)
    return Shown(asked.say("proof"), [section], crumbs=custodial.crumbs(asked), data=told, file=file)


def _pretty(body: bytes) -> str:
    return json.dumps(json.loads(body), ensure_ascii=False, indent=2)


PAGES = (
    Page("ledger", build, WORDS, under="custody", act=check, live=True),
    Page("head", head, WORDS, about=("size",), under="custody"),
    Page("event", event, WORDS, about=("event",), under="custody"),
    Page("proof", proof, WORDS, about=("event",), under="custody"),
)
