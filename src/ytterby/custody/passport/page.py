"""Home to the passport as a page: one HTML file that prints, needs nothing else, and carries its digest as QR."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Literal

from ytterby.custody.disclosure import plain
from ytterby.terms.errors import InputError
from ytterby.terms.places import place

Lang = Literal["en", "zh"]

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Passport of lot", "批次护照"),
    "lead": ("{share} of its mass is from {country}; {good} of {all} regimes are satisfied under every reading",
             "质量的 {share} 来自{country}；{all} 项法规中有 {good} 项在各种解读下均满足"),
    "untold": ("origin not told", "来源未申报"),
    "made": ("Made on {day}; the law as known on {known}", "制作于 {day}；法规以 {known} 所知为准"),
    "item": ("What it is", "批次概况"),
    "material": ("Material", "物料"),
    "mass": ("Mass", "质量"),
    "assays": ("Assay, mass fraction", "化验（质量分数）"),
    "registry": ("as the registry says of such lots", "据登记册，非本批化验"),
    "made_in": ("Made in", "制造地"),
    "mined": ("Mined in", "开采地"),
    "refined": ("Refined in", "分离精炼地"),
    "melted": ("Melted or made into magnets in", "熔炼或制磁地"),
    "technology": ("With technology of", "技术来源"),
    "held": ("Now at", "现存于"),
    "co2": ("CO₂", "二氧化碳"),
    "not told": ("not told", "未申报"),
    "origins": ("Where it is from", "来源份额"),
    "place": ("Place", "地点"),
    "country": ("Country", "国家"),
    "mass_share": ("mass", "质量"),
    "value_share": ("value", "价值"),
    "path": ("The way from the mine", "自矿山至今的路径"),
    "time": ("Time (UTC)", "时间（UTC）"),
    "step": ("Step", "环节"),
    "lot": ("Lot", "批次"),
    "event": ("Event no.", "事件序号"),
    "models": ("What it may claim (ISO 22095)", "可作的声明（ISO 22095）"),
    "model": ("Custody model", "产销监管链模型"),
    "claim": ("Claim", "声明"),
    "holds": ("holds", "成立"),
    "by_account": ("Mass balance by what {facility} took in over {months} months until {until} ({n} transformations): "
                   "the issuer's word; by credits, where no other lot claims any",
                   "质量平衡依据 {facility} 截至 {until} 的 {months} 个月投入（{n} 次加工）：由签发方申报；"
                   "信用法以其他批次均不作声明为前提"),
    "fails": ("does not hold", "不成立"),
    "regimes": ("What the law says", "法规判定"),
    "regime": ("Regime", "法规"),
    "reading": ("Reading", "解读"),
    "status": ("Answer", "结论"),
    "clauses": ("Clauses", "条款"),
    "margins": ("Shares and lines", "份额与界线"),
    "missing": ("Not told", "缺少的事实"),
    "assumed": ("Asked of an assumed transfer: {route}, on {on}", "按假设的转移判定：{route}，日期 {on}"),
    "satisfied": ("satisfied", "满足"),
    "not satisfied": ("not satisfied", "不满足"),
    "undetermined": ("undetermined", "无法判定"),
    "out of scope": ("out of scope", "不适用"),
    "cn-18": ("China, Announcement 18: free to leave China without a licence",
              "中国商务部公告2025年第18号：无需许可即可出口"),
    "cn-61": ("China, Announcement 61: free to move between other countries without a Chinese licence",
              "中国商务部公告2025年第61号：在他国之间转移无需中国许可"),
    "us-dfars-2027": ("United States, DFARS 252.225-7052 from 2027: may be delivered to the Department of Defense",
                      "美国 DFARS 252.225-7052（2027年起）：可交付国防部"),
    "eu-crma": ("European Union, CRMA: the benchmarks for 2030", "欧盟《关键原材料法案》：2030年基准"),
    "all": ("all readings", "各种解读"),
    "proof": ("What shows it", "证明"),
    "head": ("{n} events, each proven under the head of a ledger of {size}",
             "{n} 个事件，逐一证明收录于共 {size} 个事件的账本"),
    "bodies": ("The events are in the JSON: every figure can be drawn again from them.",
               "事件随 JSON 附上：各项数字均可据此重新推算。"),
    "bare": ("Names are withheld, so the events are not in the JSON; the digest covers the figures.",
             "部分名称未披露，JSON 中不含事件；数字由摘要保证。"),
    "verify": ("Check it offline: ytterby passport verify FILE --head HEAD --digest {digest}",
               "离线核验：ytterby passport verify FILE --head HEAD --digest {digest}"),
    "digest": ("Digest (SHA-256)", "摘要（SHA-256）"),
    "root": ("Root of the ledger", "账本根"),
    "word": ("Which country a place is in is the issuer's word. An origin is the place where a lot first appears.",
             "地点所属国家由签发方申报；来源指批次首次出现的地点。"),
}  # fmt: skip
"""Every word of the page: (English, 中文)."""

STEPS: Mapping[str, str] = {
    "commissioning": "启用", "transformation": "加工转化", "shipping": "发货", "receiving": "收货", "civil": "民用",
    "military": "军用", "identity preserved": "身份保持", "segregated": "分离隔离", "controlled blending": "受控混合",
    "mass balance, rolling average": "质量平衡（滚动平均）", "mass balance, credits": "质量平衡（信用额）",
}  # fmt: skip

STYLE = """
:root{color-scheme:light dark;--ink:light-dark(#1D1B26,#ECE9F2);--paper:light-dark(#FAF8F4,#16141D);
--line:light-dark(#D9D4C8,#3A3646);--soft:light-dark(#5E5A69,#A9A4B8);--nd:light-dark(#6B54B0,#A893E8);
--pr:light-dark(#1F6B4D,#63C29B);--er:light-dark(#A3345C,#EE86AB);--ho:light-dark(#855A08,#DDAE4B)}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,"Noto Sans","Noto Sans CJK SC","PingFang SC",sans-serif}
main{max-width:960px;margin:0 auto;padding:28px 20px 48px}header{display:flex;gap:24px;align-items:flex-start}
header>div:first-child{flex:1;min-width:0}h1{font-size:22px;line-height:1.25;margin:0 0 6px}
h2{font-size:16px;margin:28px 0 8px;break-after:avoid}p{margin:4px 0}.soft{color:var(--soft);font-size:13px}
.name,.hash{overflow-wrap:anywhere}.hash{font:12px/1.4 ui-monospace,monospace}
table{border-collapse:collapse;width:100%;font-size:13px}th,td{text-align:left;vertical-align:top;
padding:5px 10px 5px 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft);white-space:nowrap}td>b{white-space:nowrap}.regime{margin-top:16px}td.n,th.n{text-align:right;
font-variant-numeric:tabular-nums;white-space:nowrap}tr{break-inside:avoid}.wide{overflow-x:auto}
.satisfied{color:var(--pr)}.not-satisfied{color:var(--er)}.undetermined{color:var(--ho)}.out-of-scope{color:var(--soft)}
.bar{height:6px;background:var(--nd);border-radius:3px;min-width:1px}.qr{width:132px;flex:none;text-align:center}
.qr svg{width:132px;height:132px;background:#fff;padding:6px;border-radius:4px}
dl{display:grid;grid-template-columns:minmax(130px,auto) 1fr;gap:4px 16px;margin:0}dt{color:var(--soft)}dd{margin:0}
@media(max-width:560px){header{flex-direction:column-reverse}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}
@media print{:root{color-scheme:light}main{padding:0;max-width:none}body{background:#fff;font-size:11pt}}
"""


def address(document: Mapping[str, Any], base: str = "") -> str:
    """What the QR says: where the passport lies, if that is told, and its digest; else the lot and the digest."""
    digest = document["digest"]
    return f"{base}#sha256={digest}" if base else f"ytterby:passport?lot={document['lot']}&sha256={digest}"


def page(document: Mapping[str, Any], lang: Lang = "en", *, base: str = "") -> str:
    """A passport as a page.

    Args:
        document: the passport.
        lang: of its words.
        base: address under which the passport can be had; the QR leads there.
    """
    said = _Said(lang)
    regimes = document["regimes"]
    known = said("made", day=document["on"], known=document["rules"]["known"])
    body = [
        f'<header><div><p class="soft">{said("title")}</p><h1 class="name">{escape(document["lot"])}</h1>',
        f"<p>{_lead(document, said)}</p>",
        f'<p class="soft">{known}</p></div>{_qr(address(document, base))}</header>',
        *_item(document["item"], document["co2"], said),
        *_origins(document["origins"], said),
        *_regimes(regimes, said),
        *_models(document["models"], document.get("accounts", ()), said),
        *_path(document["path"], said),
        *_proof(document, said),
    ]
    return (
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{said('title')} {escape(document['lot'])}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


class _Said:
    """The words in one language, escaped."""

    def __init__(self, lang: Lang) -> None:
        self._at = 1 if lang == "zh" else 0

    def __call__(self, key: str, **values: Any) -> str:
        return escape(WORDS[key][self._at].format(**values))

    def country(self, code: str) -> str:
        """The name of a country; what is none stands for itself."""
        try:
            found = place(code)
        except InputError:
            return code
        return found.zh if self._at else found.en

    def step(self, name: str) -> str:
        """A word of the vocabulary."""
        return escape(STEPS.get(name, name) if self._at else name.replace("_", " "))

    def list(self, codes: Iterable[str]) -> str:
        return ", ".join(escape(code) or self("not told") for code in codes) or self("not told")


def _lead(document: Mapping[str, Any], said: _Said) -> str:
    """The finding: where most of it is from, and how many questions are satisfied."""
    shares: dict[str, float] = {}
    for one in document["origins"]:
        country = one["country"] or WORDS["untold"][said._at]
        shares[country] = shares.get(country, 0.0) + float(one["share"].get("mass", {"value": 0})["value"])
    country = max(sorted(shares), key=lambda code: shares[code], default="")
    states: dict[str, set[str]] = {}
    for one in document["regimes"]:
        states.setdefault(one["regime"], set()).add(one["status"])
    asked = [found for found in states.values() if found != {"out of scope"}]
    good = sum(found <= {"satisfied", "out of scope"} for found in asked)
    return said(
        "lead", share=f"{shares.get(country, 0.0):.1%}", country=said.country(country), good=good, all=len(asked)
    )


def _qr(text: str) -> str:
    try:
        import segno
    except ImportError:
        return f'<div class="qr hash">{escape(text)}</div>'
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        scale=3, border=2, dark="#1D1B26", light="#fff", omitsize=True
    )
    return f'<div class="qr" role="img" aria-label="QR">{drawn}</div>'


def _item(item: Mapping[str, Any], co2: Mapping[str, Any], said: _Said) -> Iterable[str]:
    assays = ", ".join(f"{symbol} {ppb / 1e7:.4g} %" for symbol, ppb in item["assays_ppb"].items())
    if item["assays_from_registry"]:
        assays = WORDS["registry"][said._at]
    held = "; ".join(
        f"{plain(one['facility'] or one['container'])} {one['country']} {_kg(one['micrograms'])}".strip()
        for one in item["held"]
    )  # fmt: skip
    rows = [
        ("material", escape(item["material"]) or said("not told")),
        ("mass", escape(_kg(item["micrograms"])) or said("not told")),
        ("assays", escape(assays) or said("not told")),
        ("made_in", said.list(item["made_in"])),
        *((stage, said.list(codes)) for stage, codes in item["stages"].items()),
        ("technology", said.list(item["technology"])),
        ("held", escape(held) or said("not told")),
        ("co2", said("not told") if co2["kg"] is None else escape(str(co2["kg"]))),
    ]
    cells = "".join(f'<dt>{said(key)}</dt><dd class="name">{value}</dd>' for key, value in rows)
    yield f"<h2>{said('item')}</h2><dl>{cells}</dl>"


def _kg(micrograms: int | None) -> str:
    return "" if micrograms is None else f"{micrograms / 1e9:,.6g} kg"


def _origins(origins: Sequence[Mapping[str, Any]], said: _Said) -> Iterable[str]:
    bases = list(dict.fromkeys(basis for one in origins for basis in one["share"]))
    names = {"mass": said("mass_share"), "value": said("value_share")}
    head = "".join(f'<th class="n">{names.get(basis, escape(basis))}</th>' for basis in bases)
    rows = []
    for one in sorted(origins, key=lambda one: -float(one["share"].get("mass", {"value": 0})["value"])):
        cells = "".join(_share(one["share"].get(basis)) for basis in bases)
        name = escape(plain(one["facility"])) or said("untold")
        rows.append(f'<tr><td class="name">{name}</td><td>{escape(one["country"])}</td>{cells}</tr>')
    table = f"<tr><th>{said('place')}</th><th>{said('country')}</th>{head}</tr>{''.join(rows)}"
    yield f'<h2>{said("origins")}</h2><div class="wide"><table>{table}</table></div>'


def _share(share: Mapping[str, str] | None) -> str:
    if share is None:
        return '<td class="n"></td>'
    value = float(share["value"])
    exact = share["exact"] if len(share["exact"]) < 24 else ""
    bar = f'<div class="bar" style="width:{100 * value:.1f}%"></div>'
    return f'<td class="n" title="{escape(exact)}">{value:.2%}{bar}</td>'


def _regimes(answers: Sequence[Mapping[str, Any]], said: _Said) -> Iterable[str]:
    yield f"<h2>{said('regimes')}</h2>"
    for name in dict.fromkeys(one["regime"] for one in answers):
        own = [one for one in answers if one["regime"] == name]
        yield f'<p class="regime"><b>{said(name)}</b></p>'
        if own[0]["assumed"]:
            told = own[0]["assumed"]
            route = f"{told['from']} → {told['to']}, {said.step(told['end_use'])}"
            yield f'<p class="soft">{said("assumed", route=route, on=own[0]["on"])}</p>'
        head = "".join(f"<th>{said(key)}</th>" for key in ("reading", "status", "clauses", "margins", "missing"))
        yield f'<div class="wide"><table><tr>{head}</tr>{"".join(_answers(own, said))}</table></div>'


def _answers(own: Sequence[Mapping[str, Any]], said: _Said) -> Iterable[str]:
    """One row for each answer that differs, with the readings that give it."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for one in own:
        groups.setdefault(repr([one[key] for key in ("status", "clauses", "missing")]), []).append(one)
    for same in groups.values():
        one = same[0]
        readings = said("all") if len(groups) == 1 else "<br>".join(escape(each["reading"]) for each in same)
        lines = "<br>".join(_line(margin) for margin in one["margins"])
        yield (
            f'<tr><td>{readings}</td><td class="{one["status"].replace(" ", "-")}"><b>{said(one["status"])}</b></td>'
            f'<td class="name">{"<br>".join(map(escape, one["clauses"]))}</td><td>{lines}</td>'
            f'<td class="name">{"<br>".join(map(escape, one["missing"]))}</td></tr>'
        )


def _line(margin: Mapping[str, Any]) -> str:
    at, _, below = str(margin["at"]).partition("/")
    if margin["low"] is None:
        return f"{escape(margin['line'])}: –"
    low, high = float(margin["low"]["value"]), float(margin["high"]["value"])
    share = f"{low:.3%}" if low == high else f"{low:.3%} – {high:.3%}"
    sign = "≥" if margin["side"] == "at_least" else ">"
    return f"{escape(margin['line'])}: {share} ({sign} {100 * float(at) / float(below or 1):.3g} %)"


def _models(models: Sequence[Mapping[str, Any]], accounts: Sequence[Mapping[str, Any]], said: _Said) -> Iterable[str]:
    if not models:
        return
    rows = "".join(
        f"<tr><td>{said.step(one['model'])}</td><td>{escape(one['claim'])}</td>"
        f"<td>{said('holds' if one['holds'] else 'fails')}</td>{_share(one['share'])}"
        f"<td>{', '.join(map(str, one.get('broken_by', ())))}</td></tr>"
        for one in (*models, *accounts)
    )
    head = "".join(f"<th>{said(key)}</th>" for key in ("model", "claim", "status")) + '<th class="n">%</th>'
    table = f"<tr>{head}<th>{said('event')}</th></tr>{rows}"
    yield f'<h2>{said("models")}</h2><div class="wide"><table>{table}</table></div>'
    for one in accounts[:1]:
        facility, n = plain(one["facility"]), format(one["transformations"], ",")
        told = said("by_account", facility=facility, months=one["months"], until=one["until"], n=n)
        yield f'<p class="soft">{told}</p>'


def _path(steps: Sequence[Mapping[str, Any]], said: _Said) -> Iterable[str]:
    if not steps:
        return
    rows = "".join(
        f"<tr><td>{escape(one['time'].replace('T', ' ').removesuffix('Z'))}</td>"
        f"<td>{said.step(one['kind'] or one['step'])}</td>"
        f'<td class="name">{escape(plain(one["lot"]))}</td>'
        f'<td class="name">{escape(plain(one["facility"]))} {escape(one["country"])}</td>'
        f'<td class="n">{one["sequence"]}</td></tr>'
        for one in steps
    )
    head = "".join(f"<th>{said(key)}</th>" for key in ("time", "step", "lot", "place"))
    table = f'<tr>{head}<th class="n">{said("event")}</th></tr>{rows}'
    yield f'<h2>{said("path")}</h2><div class="wide"><table>{table}</table></div>'


def _proof(document: Mapping[str, Any], said: _Said) -> Iterable[str]:
    evidence = document["evidence"]
    head, events = evidence["head"], evidence["events"]
    whole = bool(events) and all("body" in one for one in events)
    told = said("head", n=format(len(events), ","), size=format(head["size"], ","))
    yield f"<h2>{said('proof')}</h2><p>{told}</p>"
    yield f"<p>{said('bodies' if whole else 'bare')} {said('word')}</p>"
    yield f'<p class="hash">{said("digest")}: {document["digest"]}</p>'
    yield f'<p class="hash">{said("root")}: {head["root"]}</p>'
    yield f'<p class="hash">{said("verify", digest=document["digest"])}</p>'
