"""Home to counts the desk keeps: plants, licences, listed items and firms, applications, products made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ytterby.evidence.claims import Action, Measure
from ytterby.evidence.extract import naming
from ytterby.evidence.extract.actors import ACTING, actor, issuer, main_actor, oblique, subject_name
from ytterby.evidence.extract.context import Figure, Sentence
from ytterby.evidence.extract.kinds.contract import Setting, made, trimmed
from ytterby.evidence.extract.kinds.volumes import traded
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.names import instruments

_PLANT = re.compile(
    r"^\s*(?:(?:of (?:its|the)|new|large|small|commercial|operating|active|existing|more|additional)\s+)*"
    r"((?:[\w-]+\s+){0,4}?(?:plants?|factories|factory|facility|facilities|refiner(?:y|ies)|mines|smelters?"
    r"|production lines?"
    r"|separation lines?|furnaces|projects|mills))\b|^\s*(?:家|座|个|条|处)?的?([^,。、]{0,10}?(?:工厂|分离厂"
    r"|冶炼厂|磁材厂|磁铁厂|矿山|生产线|产线|基地|项目|矿点|矿区|回收厂|厂))",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"\b(?:hosts?|has|have|had|with|owns?|operates?|runs?|home to|opened|opening|builds?|building|built|closed"
    r"|plans?|holds?|counts?"
    r"|commissioned|shut|idled|including|there (?:are|were)|now)\b|拥有|有|设有|建有|运营|经营|关闭|新建|建成"
    r"|投建|现有|共有|计划建|停产|建设",
    re.IGNORECASE,
)
_WORKS = re.compile(
    r"\s*(?:operate|are active|are operating|work|are at work|in operation|are in operation)\b", re.IGNORECASE
)
_LICENCES = re.compile(r"licen[cs]es?|permits?|approvals?|许可|许可证|批件|准证", re.IGNORECASE)
_APPLICATIONS = re.compile(r"applications?|requests?|申请", re.IGNORECASE)
_LISTED = re.compile(
    r"清单|名单|watch list|管控|列管|物项|类|项|条目|实体|control list|entity list|entities|items|categories"
    r"|product lines|tariff lines|announcements|公告|名录",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"许可|审批|获批|申请|applications?|pending|rejected|watch list|管制|管控|清单|名单|公告|列入|出口限制"
    r"|资质|禁止|制裁|licen[cs]|export control|control list"
    r"|entity list|blacklist|sanction"
    r"|restrict|dual-use|approv|added|listed|ban(?:ned|s)?\b|两用物项",
    re.IGNORECASE,
)
_PERIODIC = re.compile(
    r"this year|a year|per year|annually|next year|annual|今年|每年|年产|年内|明年|in 20\d\d|by 20\d\d|全年|20\d\d年",
    re.IGNORECASE,
)
_ACTIONS: tuple[tuple[re.Pattern[str], Action], ...] = (
    (re.compile(r"恢复|restor|resum|reinstat", re.IGNORECASE), "resume"),
    (
        re.compile(
            r"拿到|获得|获批|发放|批准|核发|简化|通用|grant|approv|received|obtained|got\b|issued|simplified"
            r"|general licen",
            re.IGNORECASE,
        ),
        "relax",
    ),
    (re.compile(r"暂停|suspend|pause", re.IGNORECASE), "suspend"),
    (re.compile(r"列入|清单|名单|list|added|实体", re.IGNORECASE), "list"),
    (re.compile(r"禁止|ban|prohibit", re.IGNORECASE), "ban"),
)
_ISSUED = re.compile(
    r"公告[^,。]{0,12}(?:发布|公布|发出|提出)|announcements? (?:was|were) (?:issued|published|released)"
)
_LOOSE = re.compile(
    r"jobs?|workers|employees|people|consumers|buyers|officials|executives|analysts|years?|days?|visitors"
    r"|customers|人|名|位|次|人士|期|天|岁|"
    r"points?|times|reasons|ways|steps|questions?|国|rounds?|轮|场|届|月|句|问|方面|点|大|步|级|层次|档|国家"
    r"|countries|nations|states",
    re.IGNORECASE,
)


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A count of plants, of a measure's items or firms, or of products made; other counts are not the field's."""
    quantity = figure.quantity
    if quantity.dimension not in ("count", "other") or _AMONG.match(figure.after):
        return None
    stands = _STANDS.match(figure.sentence.text[quantity.number_end : figure.clause.end])
    return (
        (_stopped(figure, setting) if stands else None)
        or _made(figure, setting)
        or _chosen(figure, setting)
        or _measured(figure, setting)
        or _plants(figure, setting)
        or _stopped(figure, setting)
    )


_STANDS = re.compile(
    r"\s*(?:家|座|条|个)[^,。;、]{0,8}(?:已|被迫|陆续|先后|一度|预计|将|恐|在\d+月)*(?:停产|停工|停摆|停线|停机)"
    r"|\s*(?:[\w-]+\s+){1,3}?(?:have |had |were |has |already )*(?:halted|stopped|idled|paused)\b",
    re.IGNORECASE,
)
"""Plants and firms of which the same words say that they stand still."""
_AMONG = re.compile(r"\s*(?:of the )?(?:largest|biggest|major|main|leading|top)\b|\s*大(?!类)", re.IGNORECASE)
_FIRMS = re.compile(
    r"\s*(?:of its |of the |more |other )?(?:[\w-]+\s+){0,3}?(?:firms|companies|members|plants|factories"
    r"|suppliers|makers|producers|lines"
    r"|manufacturers|businesses)\b|\s*(?:多|余)?(?:家|条|座|个)?[^,。]{0,8}?(?:企业|公司|工厂|厂商|会员|供应商"
    r"|厂|产线|生产线)",
    re.IGNORECASE,
)


def _stopped(figure: Figure, setting: Setting) -> Found | None:
    """Firms or plants that stand still, or expect to."""
    if not figure.has("halt", "clause"):
        return None
    tail = figure.sentence.text[figure.quantity.number_end : figure.clause.end]
    last = setting.topic.last
    listed = last is not None and last.theme == "halt" and last.start >= figure.sentence.start
    known = bool(_FIRMS.match(tail) or _STOPS.match(tail)) or listed
    known = known or (bool(setting.topic.speaker) and tail.strip(" .。") == "")
    if not known:
        return None
    said = setting.speaker or setting.topic.speaker
    return made(
        figure,
        setting,
        "count",
        subject=said or "firms",
        object="firms that stop production",
        unit="count",
        theme="halt",
        carry=True,
    )


_STOPS = re.compile(
    r"\s*(?:(?:production|plant|line|factory|output)[ -])?(?:stops|stoppages|shutdowns|halts|outages|closures)\b"
    r"|\s*more\b(?!\s+(?:than|\w+s\b))|\s*(?:起|次|宗)?停[产工线]",
    re.IGNORECASE,
)


_PICKED = re.compile(
    r"\b(?:select\w*|designat\w+|shortlist\w*|recogni[sz]\w+|pick(?:s|ed)?|name[sd]?|chose|chosen)\b|选定|遴选|入选|认定|得标|中标",
    re.IGNORECASE,
)
_PICKS = re.compile(
    r"\s*(?:strategic |priority |winning |pilot |joint )?(?:projects|bidders|winners|beneficiaries|consortia)\b"
    r"|\s*(?:个|家|项)(?:战略|重点|优先)?(?:项目|企业|业者)?",
    re.IGNORECASE,
)


def _chosen(figure: Figure, setting: Setting) -> Found | None:
    """Projects or firms that an authority has picked, or may pick at most."""
    sentence = figure.sentence
    tail = sentence.text[figure.quantity.number_end : figure.clause.end]
    if not _PICKS.match(tail) or not (_PICKED.search(figure.before) or re.match(r"\s*\w*\s*beneficiaries", tail)):
        return None
    who = actor(figure, setting.topic, setting.spoken, frozenset({"country", "government", "agency", "organisation"}))
    if who is None:
        return None
    found = made(figure, setting, "count", decided=True, subject=subject_name(who), unit="count", carry=False)
    noun = re.match(r"\s*([a-z ]+?)\b(?: (?:in|within|for|that)\b|$|[,.])", tail)
    found.object = noun[1].strip() if noun else "projects chosen"
    found.place, found.theme = naming.code_of(who), "chosen"
    return found


def _noun(figure: Figure) -> str:
    return figure.quantity.noun + figure.after[:28]


def _plants(figure: Figure, setting: Setting) -> Found | None:
    if "facility" not in figure.sentence.tags:
        return None
    quantity = figure.quantity
    tail = figure.sentence.text[quantity.number_end : figure.segment.end]
    told = _PLANT.match(tail)
    if told is None and _SITES_BEFORE.search(figure.before):
        told = _SITES.match(tail)
        if told is not None:
            return _sited(figure, setting)
    if told is None or not (
        _HAS.search(figure.sentence.text[figure.sentence.start : figure.start]) or _WORKS.match(tail[told.end() :])
    ):
        return None
    who = actor(figure, setting.topic, setting.spoken)
    if who is None:
        return None
    words = re.sub(r"\s+", " ", (told[1] or told[2] or "plants")).strip()
    return made(
        figure,
        setting,
        "capacity",
        subject=subject_name(who),
        object=words if words.isascii() else _plant_words(words),
        unit="count",
        place=naming.code_of(who),
        theme="facility",
        actor=who,
        carry=False,
    )


_SITES_BEFORE = re.compile(
    r"(?P<thing>开采点|采矿点|矿点|矿场|矿区|矿山|工厂|生产线|产线|基地|分离厂|冶炼厂)(?:的)?(?:数量|数目|数|总数)?"
    r"(?:已|共|有|达|为|增至|升至|约)*(?:(?:从|由)[^,。;]{0,18})?$"
)
_SITES = re.compile(r"\s*(?:多|余)?(?:处|座|家|个|条)(?:$|[,。;、(]|[增升减降])")


def _sited(figure: Figure, setting: Setting) -> Found | None:
    """Plants and pits counted behind their noun (矿点超过300处)."""
    told = _SITES_BEFORE.search(figure.before)
    sites = figure.sentence.named(figure.sentence.start, figure.start, "place", "mine", "country")
    who = sites[-1].entity if sites else actor(figure, setting.topic, setting.spoken)
    if told is None or who is None:
        return None
    return made(
        figure,
        setting,
        "capacity",
        subject=subject_name(who),
        object=_plant_words(told["thing"]),
        unit="count",
        place=naming.code_of(who),
        theme="facility",
        actor=who,
        carry=False,
    )


def only_plants(sentence: Sentence, setting: Setting) -> Iterator[Found]:
    """The plants of which there is one: "the only nickel refining plant in the U.S.", 唯一的分离厂."""
    if "only" not in sentence.tags:
        return
    for match in _ONLY.finditer(sentence.text, sentence.start, sentence.end):
        clause = sentence.clause_at(match.start())
        who = next(
            (name.entity for name in sentence.named(clause.start, match.start()) if not oblique(sentence, name)),
            main_actor(sentence, setting.spoken),
        )
        words = " ".join((match[1] or "").split())
        if who is None or who.kind not in ACTING:
            continue
        start, end = trimmed(sentence.text, match.start(), clause.end, match.start(), match.end())
        yield Found(
            "capacity",
            start,
            end,
            value=1.0,
            unit="count",
            subject=subject_name(who),
            object=words or _plant_words(match[0]),
            place=who.place,
            theme="facility",
            actor=who,
            attributed_to=setting.speaker,
        )


_ONLY = re.compile(
    r"\b(?:the|its|their)\s+(?:only|sole)\s+((?:[\w-]+\s+){0,5}?(?:plant|factory|facility|refinery|mine"
    r"|smelter|separator"
    r"|production line))\b|唯一(?:的|一家|一座)?[^,。、]{0,16}(?:工厂|分离厂|冶炼厂|矿山|生产线|基地|厂)",
    re.IGNORECASE,
)


def _plant_words(words: str) -> str:
    for zh, en in (
        ("分离", "separation plants"),
        ("冶炼", "smelters"),
        ("磁", "magnet plants"),
        ("矿", "mines"),
        ("线", "production lines"),
        ("开采点", "mining sites"),
    ):
        if zh in words:
            return en
    return "plants"


def _measured(figure: Figure, setting: Setting) -> Found | None:
    sentence, topic = figure.sentence, setting.topic
    text = sentence.text
    clause = text[figure.clause.start : figure.clause.end]
    near = text[max(figure.clause.start, figure.start - 24) : min(figure.clause.end, figure.end + 40)]
    if not _POLICY.search(clause) or (_ISSUED.search(clause) and setting.sentence.times):
        return None
    noun = _noun(figure)
    if _LOOSE.match(noun.strip()) and not _LISTED.search(noun[:10]) and not _LICENCES.search(clause):
        return None
    close = text[figure.quantity.number_end : min(figure.clause.end, figure.end + 30)]
    if _FIRMS.match(close) and _FILED.search(figure.sentence.text, figure.end, figure.clause.end):
        return _applied(figure, setting, "firms with applications")
    pending = _STATUS.match(close)
    if pending:
        state = "refused" if pending["refused"] else "pending"
        return _applied(figure, setting, f"export licence applications {state}")
    if _APPLIED_BEFORE.search(figure.before):
        return _applied(figure, setting, "export licence applications")
    if _APPLICATIONS.search(close) or re.match(r"\s*(?:files|份申请|件申请)", close):
        return _applied(figure, setting, "export licence applications")
    if re.match(
        r"\s*(?:张|份|个|件)?\s*(?:\w+\s+){0,3}(?:许可|licen[cs]es|permits|approvals)", close
    ) or _GRANTED.match(close):
        return _applied(figure, setting, "export licences granted")
    if not (
        _LISTED.search(near) or _LICENCES.search(clause) or re.search(r"家|企业|firms?|companies|makers|entit", noun)
    ):
        return None
    if _LOOSE.match(noun.strip()) and not re.match(r"\s*(?:家|项|类|个|大类|款|种)", noun):
        return None
    named = sentence.named(sentence.start, sentence.end, "agency")
    who = issuer(sentence, topic) if named else topic.issuer or issuer(sentence, topic) or "MOFCOM"
    action = next((act for pattern, act in _ACTIONS if pattern.search(clause)), "control")
    licensed = bool(_LICENCES.search(clause))
    if licensed and who not in ("MOFCOM", "MOFCOM/GAC"):
        who = who if "Commerce" in who else ("MOFCOM" if action == "relax" else who)
    items = tuple(
        dict.fromkeys(
            name.entity.elements[0] if name.entity.id.startswith("el.") else name.entity.en
            for name in sentence.named(figure.clause.start, figure.clause.end, "material")
        )
    )
    said = {one.id for one in instruments(clause, topic.today.year if topic.today else None) if one.id}
    told = next(iter(said)) if len(said) == 1 else topic.instrument
    told = told if action in ("control", "suspend") else ""
    decided = Measure(action=action, instrument=told, issuer=who, items=items)
    return made(
        figure,
        setting,
        "measure",
        decided=True,
        subject=who,
        object=_object(figure, action),
        unit="count",
        measure=decided,
        place="CN" if who.startswith(("MOFCOM", "GAC", "MIIT", "China")) else "",
        theme="licence" if licensed else "measure",
        carry=False,
    )


_FILED = re.compile(
    r"\b(?:filed|applied|submitted|sought|lodged|handed in)\b|提交|递交|提出(?:了)?申请|申请了", re.IGNORECASE
)
_STATUS = re.compile(
    r"\s*(?:more |others? )?(?:(?:was|were|is|are|had been|have been|remain(?:ed)?|份|件|项|宗|仍|尚|还|被)\s*){0,3}"
    r"(?:(?P<refused>rejected|refused|denied|turned down|被拒|遭拒|驳回|被驳回|遭驳回)"
    r"|pending|outstanding|待批|待审|未批|审理中|在审)",
    re.IGNORECASE,
)
_APPLIED_BEFORE = re.compile(r"申请(?:案|数量|数|件数)?(?:已|共|约|逾|达|有|计|超过)*$")
_GRANTED = re.compile(
    r"\s*(?:was|were|had been|have been|份|件|项)?\s*(?:approved|granted|pending|rejected|获批|获准|被拒|待批)",
    re.IGNORECASE,
)


def _applied(figure: Figure, setting: Setting, words: str) -> Found | None:
    who = next(
        (
            name.entity
            for name in figure.sentence.named(figure.sentence.start, figure.sentence.end, "company", "organisation")
            if name.entity.kind == "organisation" or not oblique(figure.sentence, name)
        ),
        None,
    )
    return made(
        figure,
        setting,
        "count",
        subject=who.en if who else "MOFCOM",
        object=words,
        unit="count",
        place=who.place if who else "CN",
        theme="licence",
        carry=False,
    )


_OBJECTS: dict[str, str] = {
    "resume": "restored",
    "relax": "simplified licences granted",
    "suspend": "suspended measures",
    "list": "control list items",
    "ban": "banned items",
    "control": "controlled items",
}


def _object(figure: Figure, action: str) -> str:
    names = figure.sentence.named(figure.clause.start, figure.clause.end, "material")
    short = [name.entity.elements[0] if name.entity.id.startswith("el.") else name.entity.en for name in names]
    head = " ".join(dict.fromkeys(short))
    lists = [name.entity.en for name in figure.sentence.named(figure.start, figure.clause.end, "instrument")]
    if action == "list" and lists:
        return f"{lists[0]} {head}".strip()
    if action == "control" and re.search(r"许可|licen", figure.sentence.words):
        return f"export licence: {head}"
    return f"{head} {_OBJECTS.get(action, action)}".strip()


def _made(figure: Figure, setting: Setting) -> Found | None:
    """Products made or shipped: "thousands of Optimus robots this year"."""
    sentence = figure.sentence
    after = [
        name
        for name in sentence.named(figure.quantity.number_end, min(sentence.end, figure.end + 40), "product")
        if re.fullmatch(
            r"\s*(?:of\s+)?(?:its\s+|the\s+|new\s+)?[\"'“‘]?(?:\w+\s+)?[\"'“‘]?|\s*(?:台|辆|架|艘|部|套|具)?[\"“「]?",
            sentence.text[figure.quantity.number_end : name.start],
        )
    ]
    if not after:
        return _units(figure, setting)
    if not any(
        sentence.has(tag, figure.clause.start, figure.clause.end)
        for tag in ("production", "export", "forecast", "demand", "target")
    ):
        return None
    product = after[0].entity
    who = actor(figure, setting.topic, setting.spoken, frozenset({"company", "country", "government", "place"}))
    if sentence.has("export", figure.clause.start, figure.start) and who is None:
        return traded(figure, setting, "trade_volume", "export")
    yearly = bool(_PERIODIC.search(sentence.text[figure.clause.start : figure.clause.end]))
    found = made(
        figure,
        setting,
        "production",
        subject=subject_name(who) if who else "",
        object=_plural(product.en),
        unit="unit/yr" if yearly else "unit",
        place="",
        theme="production",
        actor=who,
        carry=False,
    )
    return _foreseen(found, figure, setting)


_UNITS = re.compile(
    r"^\s*(?:of\s+(?:them|its|the)\b|units?\b|台|辆|架|艘|套|具|in 20\d\d|by 20\d\d|were\b|a year|this year"
    r"|next year|$)",
    re.IGNORECASE,
)


def _units(figure: Figure, setting: Setting) -> Found | None:
    """Pieces of the product spoken of before ("5,000 units in 2025, and as many as 50,000 in 2026")."""
    sentence, topic = figure.sentence, setting.topic
    product = next((name.entity for name in sentence.named(sentence.start, figure.start, "product")), topic.product)
    told = figure.quantity.noun in ("units", "unit", "台", "辆", "架", "艘", "套") or _UNITS.match(
        sentence.text[figure.quantity.number_end :][:24]
    )
    if product is None or not told or (topic.theme != "production" and not sentence.has("production")):
        return None
    if figure.quantity.value is not None and figure.quantity.value < 50 and not figure.quantity.noun:
        return None
    who = actor(figure, topic, setting.spoken, frozenset({"company", "country", "government"}))
    yearly = bool(_PERIODIC.search(sentence.text[figure.clause.start : figure.clause.end]))
    found = made(
        figure,
        setting,
        "production",
        subject=subject_name(who) if who else "world",
        object=_plural(product.en),
        unit="unit/yr" if yearly else "unit",
        theme="production",
        actor=who,
    )
    return _foreseen(found, figure, setting)


def _foreseen(found: Found, figure: Figure, setting: Setting) -> Found:
    """What an analyst foresees is the world's; what a company foresees of itself is its target."""
    if found.modality != "forecast":
        return found
    own = figure.sentence.named(figure.sentence.start, figure.start, "company", "country", "government")
    if setting.speaker and not any(name is not setting.spoken for name in own):
        found.kind, found.subject, found.place = "forecast", "world", "WLD"
    else:
        found.modality = "target"
    return found


def _plural(name: str) -> str:
    return (
        name
        if name.endswith("s")
        else f"{name}s"
        if "robot" in name.lower()
        else f"{name} robots"
        if name == "Optimus"
        else f"{name}s"
    )
