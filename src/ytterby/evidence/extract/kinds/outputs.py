"""Home to amounts that are no trade: production, capacity, reserves, demand, stocks and quotas."""

from __future__ import annotations

import re
from functools import lru_cache

from ytterby.evidence.claims import Kind
from ytterby.evidence.extract import naming
from ytterby.evidence.extract.actors import actor, owner, pointed, subject_name
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made, site
from ytterby.evidence.extract.kinds.contract import who as named
from ytterby.evidence.extract.kinds.themes import theme
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.names import Entity
from ytterby.terms.errors import InputError
from ytterby.terms.places import place

_THEMES = ("export", "import", "production", "demand", "stock", "capacity", "ability", "quota", "reserve")
_YEARLY = re.compile(
    r"\bannual|\bannually\b|\ba year\b|\bper year\b|\beach year\b|\bper annum\b|\byearly\b|每年|一年"
    r"|(?<![去今前全0-9])年产|/年|年度产"
)
_FUTURE_BUILD = re.compile(
    r"\b(?:lifts?|raises?|rises?|expands?|brings?|boosts?|takes?|doubles?|increases?|grows?|set for|ramp-?up"
    r"|once|when)\b"
    r"|提升至|扩至|扩大至|增至|建成后|达产后|投产后|提高到|提高至"
)
_SHORT = re.compile(
    r"deficit|shortage|shortfall|\b(?:exceed|outstrip|outpace)\w* supply by|缺口|短缺|比供[应给]量?多"
    r"|超出供[应给]|供不应求",
    re.IGNORECASE,
)
_TURNED_OUT = re.compile(r"[季月年期共计厂矿司已度周]产(?![量能值业地自区品线出])[^,。;]{1,9}$")
_PLANT = re.compile(
    r"[\s-]+(?:(?:a|per)[\s-]year[\s-]+)?(?:[\w-]+\s+){0,4}?(?:plant|facility|refinery|factory|line|circuit"
    r"|project)\b|的?[^,。]{0,8}(?:工厂|产线|生产线|项目|基地)",
    re.IGNORECASE,
)
_NEEDED = re.compile(
    r"\b(?:needs?|needed|requires?|used|consumed?|consumes)\b|需要|耗用|消耗|用了|年约?用|每年约?需", re.IGNORECASE
)
_TO_BE = re.compile(
    r"\bto (?:build|add|create|set up|install|establish|make|reach)\b|\b(?:designed for|planned|is building)\b"
    r"|新建|拟建|在建|(?:项目|专案|案)[^,。]{0,6}设计年?产|\bproject\b[^.;]{0,30}\bdesigned to\b"
)
_UNBUILT = re.compile(
    r"\b(?:should|will|to|would) be (?:commissioned|built|completed|finished|opened|installed)\b"
    r"|\bunder construction\b|\bis due to (?:open|start|come)|将[^,。]{0,16}(?:兴建|建设|建造|动工|开建)"
    r"|(?:预计|计划|预定)[^,。]{0,10}(?:投产|建成|完工|产出)"
    r"|扩充案|扩建案|扩建计划|扩产计划",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:rose|raised|lifted|expanded|brought|reached|grew|doubled|was|were)\b|已|了")
_NOW = re.compile(r"\b(?:now|currently|today|existing|already|present)\b|目前|现有|现已|如今|当前|已", re.IGNORECASE)
_GIVEN = re.compile(r"获|分得|分到|\b(?:received|got|allocated|given|gets?|assigned)\b")


def decide(figure: Figure, setting: Setting) -> Found | None:
    """An amount made, that can be made, that lies in the ground, is needed, held or allowed."""
    what = theme(figure, setting.topic, _THEMES)
    if not what and _SHORT.search(figure.before):
        what = "demand"
    if not what and _TURNED_OUT.search(figure.before):
        what = "production"
    if _NEEDED.search(figure.before[-44:]) and what in ("", "production", "capacity"):
        what = "demand"
    if what not in ("export", "import", "quota") and "facility" in figure.sentence.tags and _PLANT.match(figure.after):
        what = "capacity"
    if _BUILT.search(figure.before[-40:]) and figure.quantity.unit != "g/t":
        what = "capacity"
    if figure.quantity.unit == "g/t":
        return None
    if _REGION_NEEDS.search(figure.before[-32:]) and figure.quantity.unit.endswith("/yr") and what in _BOUGHT:
        what = "demand"
    if what in ("", "production") and figure.quantity.unit == "t" and _in_ground(figure):
        what = "reserve"
    part = _part(figure, setting)
    if part is not None:
        return part
    if what in ("", "export", "import") and figure.quantity.dimension == "mass_rate":
        what = "capacity"
    if what == "production" and setting.topic.theme == "quota" and _GIVEN.search(figure.sentence.words):
        what = "quota"
    if what == "quota":
        return _quota(figure, setting)
    if what in ("capacity", "ability"):
        return _capacity(figure, setting)
    if what in ("production", "reserve", "demand", "stock"):
        return _amount(figure, setting, what)
    return None


_BUILT = re.compile(
    r"\b(?:built|sized|rated|engineered|laid out) (?:for|to \w+)\s*$"
    r"|\b(?:circuit|line|plant|refinery|facility|smelter) (?:for|of)\s*$|设计年?(?:产|处理)[^,。;、]{0,8}$",
    re.IGNORECASE,
)
_REGION_NEEDS = re.compile(r"\b(?:buys|uses|needs|consumes|requires|burns through|gets through)\s*$")
_BOUGHT = ("", "import", "production", "capacity", "demand")
_HOLDS = re.compile(
    r"(?:\bcontains?|\bhosts?|\bholds?|\bholding|\bhas)(?: an estimated| some| about)?\s*$"
    r"|(?:含|蕴含|埋有)(?:有)?(?:稀土)?$"
)
_LYING = re.compile(r"\s*of (?:ore|resources?|reserves)\b|的?[^,。;、]{0,8}(?:资源|储量)(?![税国部])")
_GROUND = re.compile(
    r"\b(?:deposit|mine|ore ?body|resource|project|island)s?\b|矿床|矿区|矿体|矿山|该矿|矿[^,。;]{0,4}含", re.IGNORECASE
)


_MINED_NOWHERE = 5e5
"""Tonnes of rare earths that nobody holds but in the ground."""


def _in_ground(figure: Figure) -> bool:
    """Whether an amount lies in the ground: held by a deposit, or said to be of ore."""
    if _LYING.match(figure.after):
        return True
    if not _HOLDS.search(figure.before):
        return False
    sites = figure.sentence.named(figure.sentence.start, figure.start, "mine", "place")
    return bool(sites or _GROUND.search(figure.before)) or (figure.quantity.value or 0.0) >= _MINED_NOWHERE


_OF_WHICH = re.compile(r"\b(?:of which|including|among them)\b|其中|(?:当中|内)(?:含|有)")


def _part(figure: Figure, setting: Setting) -> Found | None:
    """A part of a yearly amount told just before ("2,000 t a year, of which 400 t NdPr"), of its kind and owner."""
    last = setting.topic.last
    if last is None or figure.quantity.unit != "t" or last.unit != "t/yr" or last.start < figure.sentence.start:
        return None
    if last.kind not in ("capacity", "production"):
        return None
    listed = last.part and figure.start - last.end < 24
    if not listed and not _OF_WHICH.search(figure.sentence.text, last.end, figure.start):
        return None
    thing = naming.material(figure, setting.topic)
    found = made(
        figure,
        setting,
        last.kind,
        subject=last.subject,
        object=naming.material_words(thing),
        material=thing,
        stage=thing.stage if thing else "",
        unit="t/yr",
        place=last.place,
        theme=last.theme,
        actor=last.actor,
        carry=False,
        part=True,
    )
    found.modality = last.modality
    found.period, found.by = found.period or last.period, found.by or last.by
    return found


def _amount(figure: Figure, setting: Setting, what: str) -> Found | None:
    who, called = named(figure, setting)
    thing = naming.material(figure, setting.topic)
    if what == "demand" and _SHORT.search(figure.before):
        return _shortage(figure, setting, thing)
    if who is None and thing is None:
        return None
    if what == "demand" and who is not None and not _here(figure, who) and who is not pointed(figure, setting.topic):
        who, called = None, ""
    site_named = None
    if what == "reserve":
        site_named = _deposit(figure, who)
        called = _holder(site_named, figure, setting, who) if site_named is not None else called
    worldwide = _worldwide(figure) or (who is None and not (what == "reserve" and called))
    if setting.speaker and figure.sentence.has("forecast") and not _names_actor(figure, setting):
        who, called, worldwide = None, "", True
    kind: Kind = "reserve" if what in ("reserve", "stock") else ("demand" if what == "demand" else "production")
    words = naming.material_words(thing)
    noun = {"reserve": " reserves", "stock": " stocks", "demand": " demand", "production": ""}[what]
    found = made(
        figure,
        setting,
        kind,
        subject="world" if worldwide else called or "world",
        object=words + noun,
        material=thing,
        stage=thing.stage if thing else "",
        place="WLD" if worldwide else naming.code_of(who),
        theme=what,
        actor=who,
        carry=what == "production",
    )
    if site_named is not None:
        found.object = f"{found.object} at {site_named.en}"
        found.place = site_named.place or found.place
    if found.unit == "t" and what in ("production", "demand") and _YEARLY.search(_around(figure)):
        found.unit = "t/yr"
    if found.modality == "forecast" and figure.has("forecast", "clause") and what in ("production", "demand"):
        found.kind = "forecast"
        found.object = f"{naming.as_modifier(thing)} {what}"
    elif found.modality == "forecast" and what == "production" and who is not None and who.kind == "company":
        found.modality = "target"
    return found


def _shortage(figure: Figure, setting: Setting, thing: Entity | None) -> Found:
    return made(
        figure,
        setting,
        "forecast",
        subject="world",
        object=f"{naming.material_words(thing)} shortage",
        material=thing,
        place="WLD",
        theme="demand",
        carry=False,
    )


def _deposit(figure: Figure, who: Entity | None) -> Entity | None:
    """The deposit a reserve lies in, where it stands nearer than the actor; else None."""
    sites = figure.sentence.named(figure.sentence.start, figure.start, "mine", "place")
    if not sites:
        return None
    later = [name.entity for name in figure.sentence.named(sites[-1].end, figure.start)]
    return None if who is not None and who in later else sites[-1].entity


def _holder(deposit: Entity, figure: Figure, setting: Setting, who: Entity | None) -> str:
    """Who holds a deposit: its firm where the text names it, else the firm it speaks of, else the deposit itself."""
    held = owner(deposit)
    if held.kind == "company" and (_here(figure, held) or setting.topic.company is held):
        return held.en
    return who.en if who is not None and who.kind == "company" and _here(figure, who) else deposit.en


def _here(figure: Figure, who: Entity) -> bool:
    """Whether the actor stands in the figure's own sentence."""
    return any(name.entity is who for name in figure.sentence.names)


def _names_actor(figure: Figure, setting: Setting) -> bool:
    return any(
        name is not setting.spoken
        for name in figure.sentence.named(
            figure.sentence.start, figure.start, "company", "country", "government", "mine", "plant"
        )
    )


def _capacity(figure: Figure, setting: Setting) -> Found | None:
    who, called = named(figure, setting)
    thing = naming.material(figure, setting.topic)
    if who is None and thing is None:
        return None
    if not called:
        places = figure.sentence.named(figure.sentence.start, figure.start, "place", "plant", "mine")
        called = owner(places[-1].entity).en if places else ""
    found = made(
        figure,
        setting,
        "capacity",
        subject=called,
        object=naming.material_words(thing),
        material=thing,
        stage=thing.stage if thing else "",
        place=site(figure, setting, who),
        theme="capacity",
        actor=who,
        carry=False,
    )
    if found.unit in ("t", "kg"):
        found.unit = f"{found.unit}/yr"
    segment = figure.sentence.text[figure.segment.start : figure.start]
    if found.modality == "forecast" or (
        found.modality == "asserted" and _FUTURE_BUILD.search(figure.before) and not _PAST.search(figure.before)
    ):
        found.modality = "target"
    ahead = found.by or found.period
    today = setting.topic.today
    if found.modality == "asserted" and (
        (today is not None and ahead[:4].isdigit() and int(ahead[:4]) > today.year)
        or _TO_BE.search(figure.before)
        or (_UNBUILT.search(figure.sentence.words) and not _NOW.search(figure.before))
    ):
        found.modality = "target"
    if re.search(r"\bfrom\s+(?:\w+\s+)?$|[从由自]$", segment):
        found.modality, found.by = "asserted", ""
    return found


def _quota(figure: Figure, setting: Setting) -> Found | None:
    topic = setting.topic
    who = actor(figure, topic, setting.spoken, frozenset({"company"}))
    if who is not None and not _holds(figure, who):
        who = None
    thing = naming.material(figure, topic)
    subject = subject_name(who) if who else _quota_issuer(figure, setting)
    stage = _stage(figure)
    words = f"{stage} quota".strip() if stage else f"{naming.as_modifier(thing)} quota"
    return made(
        figure,
        setting,
        "quota",
        decided=True,
        subject=subject,
        object=words,
        material=thing,
        place=_quota_place(subject),
        stage={"mining": "mine"}.get(stage, "separation" if stage else ""),
        theme="quota",
        actor=who,
    )


def _holds(figure: Figure, who: Entity) -> bool:
    """Whether the company stands in the figure's own sentence, as the one that was given the quota."""
    return any(
        name.entity is who and name.end <= figure.start
        for name in figure.sentence.named(figure.sentence.start, figure.start, "company")
    )


def _quota_issuer(figure: Figure, setting: Setting) -> str:
    sentence = figure.sentence
    for name in sentence.named(sentence.start, sentence.end, "agency"):
        return name.entity.en
    if re.search(r"指标|control target", sentence.words):
        return setting.topic.issuer or "MIIT"
    meant = pointed(figure, setting.topic)
    if meant is not None:
        return subject_name(meant)
    for name in sentence.named(sentence.start, figure.start, "country"):
        return name.entity.en
    nation = setting.topic.nation
    if nation is not None and nation.place != "CN" and not setting.topic.issuer:
        return nation.en
    return setting.topic.issuer or "China"


@lru_cache(maxsize=256)
def _quota_place(subject: str) -> str:
    """The country whose quota it is: the one that gives it, else China, whose offices and firms give and hold them."""
    try:
        return place(subject).code
    except InputError:
        return "CN"


_STAGES = (
    ("smelting/separation", re.compile(r"冶炼|分离|smelting|separation|refining")),
    ("mining", re.compile(r"开采|矿产品|采矿|mining|mined|\bmine\b|extraction")),
)


def _stage(figure: Figure) -> str:
    """Mining or smelting and separation, as the head of a list or the nearest word says."""
    text = figure.sentence.text
    if figure.head is not None:
        head = text[figure.head.start : figure.head.end]
        for name, pattern in _STAGES:
            if pattern.search(head):
                return name
    after = text[figure.end : figure.segment.end]
    for name, pattern in _STAGES:
        if pattern.search(after[:16]):
            return name
    best, least = "", 400
    for name, pattern in _STAGES:
        for match in pattern.finditer(text, figure.sentence.start, figure.start):
            away = figure.start - match.end()
            if away < least:
                best, least = name, away
    return best


def _worldwide(figure: Figure) -> bool:
    sentence = figure.sentence
    if any(name.entity.place == "WLD" for name in sentence.named(figure.clause.start, figure.clause.end, "country")):
        return True
    return bool(re.search(r"\b(?:global|world|worldwide)\b|全球|世界", figure.before))


def _around(figure: Figure) -> str:
    return figure.sentence.text[max(figure.clause.start, figure.segment.start - 24) : figure.segment.end]
