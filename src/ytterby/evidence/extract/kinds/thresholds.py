"""Home to thresholds: the lines a rule draws (0.1 % of value, 50 % held, 14 nm and below, 2,000 t a year)."""

from __future__ import annotations

import re

from ytterby.evidence.claims import Action, Measure, Threshold
from ytterby.evidence.extract.actors import issuer, subject_name
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.naming import country
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.names import Entity, entity

_NORM = re.compile(
    r"不得|不予许可|出口管制|管制|逐案|须|应当|方可|豁免|视为|门槛|适用|无需|无须|纳入|受管制|受控|原则上|禁止"
    r"|许可|下列"
    r"|管控|申请|子公司|不受|列管"
    r"|受限|\b(?:must|shall|may not|permission|bans?|fall(?:s|ing)? under|restricted|capped|at most|required?"
    r"|requires?|needs? (?:a |an )?(?:\w+ )?licen[cs]e|prohibited|subject to"
    r"|denied|case[ -]by[ -]case"
    r"|exempt|threshold|approval|permit|de minimis|licen[cs]\w+|denial|in principle|rule applies|applies to"
    r"|apply to|covered"
    r"|caught|controlled|not be"
    r"|qualif\w+|owned|ownership|control(?:s|led)? (?:of|by)|barred|banned|refused|trigger\w*)\b",
    re.IGNORECASE,
)
_LINE_AFTER = re.compile(
    r"^\s*(?:\(含\)|\(inclusive\))?\s*(?:(?:及|或|和)?(?:以上|以下|以内)|or (?:more|less|above|below|higher"
    r"|lower|greater|smaller|fewer)"
    r"|and (?:above|below|over|under|up|finer)|or more)",
    re.IGNORECASE,
)
_OUTCOMES: tuple[tuple[re.Pattern[str], Action, str], ...] = (
    (re.compile(r"不予许可|禁止|\bdeni(?:ed|al)\b|prohibited|barred|banned|refused"), "ban", "presumption of denial"),
    (re.compile(r"逐案|case[ -]by[ -]case", re.IGNORECASE), "condition", "case-by-case review"),
    (re.compile(r"豁免|无需|无须|不受|\bexempt"), "exempt", "exemption"),
    (re.compile(r"不得"), "condition", "minimum"),
)
_OF: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"控股|持股|股权|\bown(?:ed|ership)?\b|\bheld\b|stake|subsidiar", re.IGNORECASE), "ownership"),
    (re.compile(r"价值|\bvalue\b|de minimis", re.IGNORECASE), "value share"),
    (re.compile(r"逻辑芯片|制程|logic|process node", re.IGNORECASE), "logic chips"),
    (re.compile(r"存储|memory|NAND|layers?\b", re.IGNORECASE), "memory chips"),
    (re.compile(r"产能|capacity", re.IGNORECASE), "capacity"),
    (re.compile(r"含量|重量|质量|content|by weight|mass", re.IGNORECASE), "content"),
)
_DRAWN = re.compile(r"(?:及|或|和)?以[上下]|or (?:more|less|above|below|higher|greater)|and (?:above|below|over|up)")
_CONTAINS = re.compile(r"\bcontain(?:s|ing)?\s+(?:\w+\s+)?$|\bcontent of\s+$|含有?$|价值(?:占比)?$", re.IGNORECASE)
_BOUND = ("≥", "≤", "<", ">")
_REACHED = re.compile(r"(?:达到?|占|为|逾|满)$")
_PARTY = re.compile(r"(?:以上)?(?:者|的(?:产品|物项|货物|商品)|的?[,，])")
"""A line told as what is reached by those whom the rule hits (达0.1%者)."""
_RULE_OF = re.compile(
    r"^[\s-]*(?:穿透|股权|关联|控股|持股)+性?(?:规则|规定|门槛)"
    r"|^[\s-]*(?:affiliates?|ownership|de minimis)\s+(?:rule|threshold)",
    re.IGNORECASE,
)
"""A rule that goes by its line (the 50 percent ownership rule)."""


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A bound in a sentence that says what is allowed, licensed or refused."""
    quantity = figure.quantity
    if quantity.dimension not in (
        "percent",
        "length",
        "mass",
        "mass_rate",
        "other",
        "money",
        "count",
        "power",
        "energy",
    ):
        return None
    if quantity.dimension == "percent":
        asked = _benchmark(figure, setting)
        if asked is not None:
            return asked
    ruled_by = bool(_RULE_OF.match(figure.after))
    reached = bool(_REACHED.search(figure.before)) and bool(_PARTY.match(figure.after))
    line = bool(_LINE_AFTER.match(figure.after)) or quantity.comparator in _BOUND or ruled_by or reached
    sized = quantity.unit in ("nm", "layer")
    if not (line or sized):
        return None
    sentence = figure.sentence
    ruled = bool(setting.topic.instrument) and bool(
        _LINE_AFTER.match(figure.after) or _DRAWN.search(sentence.text[figure.start : figure.end])
    )
    if not ruled_by and (not (ruled or _NORM.search(sentence.words)) or _is_fact(figure, ruled=ruled)):
        return None
    if _same_line(figure, setting):
        return None
    drawn = [_threshold(one) for one in _together(figure)]
    action, words = _outcome(sentence.text[figure.clause.start : sentence.end])
    about = drawn[0].of
    named = sentence.named(sentence.start, sentence.end, "agency")
    who = (
        issuer(sentence, setting.topic)
        if named
        else setting.topic.issuer or issuer(sentence, setting.topic) or "MOFCOM"
    )
    decided = Measure(
        action=action,
        instrument=setting.topic.instrument,
        issuer=who,
        thresholds=tuple(drawn),
    )
    return made(
        figure,
        setting,
        "threshold",
        decided=True,
        subject=who,
        object=f"{words}: {about} {drawn[0].comparator} {drawn[0].value:g} {drawn[0].unit}"
        if words
        else f"{about} threshold",
        comparator=drawn[0].comparator,
        measure=decided,
        place=_place(who),
        theme="threshold",
        carry=False,
        modality="asserted",
    )


_BENCH = re.compile(
    r"要求|基准|目标|法案|条例|须|应|希望|力争|\bbenchmarks?\b|\bact\b|\btargets?\b|\brequires?\b|\bmust\b|\bregulation\b"
    r"|不得|\bno more than\b|\bshould\b|\bshall\b|\bwants?\b|\baims?\b|\bgoals?\b|\b(?:is|are) to\b",
    re.IGNORECASE,
)
_OWN_NEED = re.compile(
    r"自身需求|年度?消费|需求的|消费量的|消费|一?成需求|单一(?:国家|来源|第三国)|\bof (?:its|the union's|eu"
    r"|annual|its own|their)\b|annual (?:needs|consumption|demand)"
    r"|single (?:third )?country|\b(?:any )?one country",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:currently|now|today|at present|so far|last year|in 20[12]\d|imports?|imported|bought|gets|supplie[sd])\b"
    r"|目前|现在|如今|去年|当前|现有|进口自|依赖",
    re.IGNORECASE,
)
_SOLE = re.compile(r"单一|\bsingle\b|\bany one\b", re.IGNORECASE)
_WORLDLY = re.compile(r"\s*(?:of|in) (?:the )?(?:world|global)|的?全球", re.IGNORECASE)


def _benchmark(figure: Figure, setting: Setting) -> Found | None:
    """A share of its own need that an authority asks for by a year (the European Union's benchmarks)."""
    sentence = figure.sentence
    who = _asking(figure, setting)
    if who is None or not _BENCH.search(sentence.words):
        return None
    words = _step(figure)
    own = sentence.text[figure.segment.start : figure.segment.end]
    sole = bool(_SOLE.search(own))
    if not words and not _OWN_NEED.search(sentence.words):
        return None
    if who.place != "EU" and not _OWN_NEED.search(sentence.words):
        return None
    if _WORLDLY.match(figure.after) or (_NOW.search(own) and not sole) or _moved(figure):
        return None
    subject = subject_name(who) if who.kind != "instrument" else (who.place and country(who.place)) or who.en
    compared = figure.quantity.comparator
    bound = compared if compared in _BOUND else "≥"
    if sole:
        bound = "≤"
    line = Threshold(of="own need", comparator=bound, value=figure.quantity.value or 0.0, unit="%")
    return made(
        figure,
        setting,
        "threshold",
        decided=True,
        subject=subject,
        object=f"benchmark: {words or 'need'}",
        comparator=bound,
        period="",
        by=_goal_year(figure, setting),
        measure=Measure(action="condition", issuer=subject, thresholds=(line,)),
        place=who.place,
        theme="threshold",
        carry=False,
        modality="target",
    )


_CUT = re.compile(r"\b(?:cut|cuts|reduc\w+|halv\w+|lower\w*)\b[^.;]*\bby\b|(?:削减|减少|降低)(?!至|到)", re.IGNORECASE)


def _moved(figure: Figure) -> bool:
    """Whether the figure is a rise or fall; of "not below" it is none."""
    if _CUT.search(figure.before + figure.sentence.text[figure.start : figure.quantity.number_start]):
        return True
    if figure.quantity.comparator in _BOUND or _LEAST.search(figure.before):
        return False
    return figure.has("up") or figure.has("down")


_LEAST = re.compile(r"不[低少高]于|不[逾超]|not (?:less|lower|more|below|exceed)", re.IGNORECASE)


def _goal_year(figure: Figure, setting: Setting) -> str:
    """The year still to come by which a benchmark is to be met."""
    today = setting.topic.today
    year = str(today.year) if today is not None else "2025"
    return next((one.period for one in figure.sentence.times if one.period[:4].isdigit() and one.period[:4] > year), "")


_UNION = re.compile(
    r"\bEU\b|European|Brussels|Critical Raw Materials|CRMA|ResourceEU|single third country"
    r"|strategic raw material|单一第三国|欧盟|欧洲|关键原材料法",
    re.IGNORECASE,
)
_ASKED_BY = re.compile(r"20[3-4]\d|CRMA|Critical Raw Materials|关键原材料法", re.IGNORECASE)


def _asking(figure: Figure, setting: Setting) -> Entity | None:
    """Who sets the benchmark: an authority before the figure, else the Union where the text is about it."""
    sentence = figure.sentence
    for name in sentence.named(sentence.start, figure.start):
        one = name.entity
        if one.kind in ("government", "agency", "organisation", "instrument") or (
            one.kind == "country" and one.place == "EU"
        ):
            return one
    topic = setting.topic
    last = topic.last
    going_on = last is not None and last.kind == "threshold" and last.place == "EU"
    about = going_on or bool(_UNION.search(topic.title)) or (topic.actor is not None and topic.actor.place == "EU")
    if (about and _ASKED_BY.search(sentence.words)) or _UNION.search(sentence.words):
        return entity("EU")
    return None


_STEPS = (
    (re.compile(r"单一|\bsingle\b|\bany one\b", re.IGNORECASE), "single source"),
    (re.compile(r"回收|再生|recycl", re.IGNORECASE), "recycling"),
    (re.compile(r"加工|提炼|精炼|冶炼|process|refin", re.IGNORECASE), "processing"),
    (re.compile(r"开采|采矿|extract|\bmin(?:e|ed|es|ing)\b|\bdug\b", re.IGNORECASE), "extraction"),
)


def _step(figure: Figure) -> str:
    """The step of the chain a benchmark is for: the one paired with it, else the nearest of its own words."""
    text = figure.sentence.text
    if figure.head:
        head = text[figure.head.start : figure.head.end]
        return next((said for pattern, said in _STEPS if pattern.search(head)), "")
    best, least = "", 90
    own = figure.segment
    stretches = ((own.start, own.end, 0), (figure.clause.start, figure.clause.end, 40))
    for start, end, more in stretches:
        for pattern, said in _STEPS:
            for match in pattern.finditer(text, start, end):
                away = more + (
                    figure.start - match.end() if match.end() <= figure.start else match.start() - figure.end
                )
                if away < least:
                    best, least = said, away
    return best


def _is_fact(figure: Figure, *, ruled: bool) -> bool:
    """A figure with a bound may still be a fact: "makes more than 90 percent of"."""
    if figure.quantity.unit in ("nm", "layer"):
        return False
    if _LINE_AFTER.match(figure.after) or _DRAWN.search(figure.sentence.text[figure.start : figure.end]):
        return (
            figure.quantity.dimension == "percent"
            and figure.has("share")
            and not figure.has("norm", "clause")
            and not (re.search(r"比例|控股|持股|子公司|own|held|holds|subsidiar|value|价值", figure.before))
            and not re.search(r"\bvalue\b|价值", figure.after[:30])
        )
    if _CONTAINS.search(figure.before):
        return False
    if any(figure.has(tag) for tag in ("up", "down", "export", "import", "price", "depend")):
        return True
    if (
        figure.sentence.has("share", figure.segment.start, figure.segment.end)
        and figure.quantity.dimension == "percent"
    ):
        return not re.search(r"\bown|stake|held|控股|持股|比例", figure.before + figure.after)
    return (
        not ruled
        and not figure.sentence.has("norm", figure.clause.start, figure.sentence.end)
        and not _ASKS.search(figure.sentence.words)
    )


_ASKS = re.compile(
    r"\blicen[cs]es? (?:is|are) (?:needed|required)|\bneeds? (?:\w+ )?(?:licen[cs]es?|permission)"
    r"|\brequires? (?:an? )?(?:\w+ )?"
    r"licen[cs]e|\bcapped\b|\bbeneficiar|受限|每家",
    re.IGNORECASE,
)


def _same_line(figure: Figure, setting: Setting) -> bool:
    """Whether an earlier figure of the clause already told this line."""
    last = setting.topic.last
    return (
        last is not None
        and last.kind == "threshold"
        and last.end > figure.start
        and last.start <= figure.start
        and last.start >= figure.clause.start
    )


def _together(figure: Figure) -> list[Figure]:
    """The lines drawn in one clause, this one first."""
    rest = [
        one
        for one in figure.sentence.figures
        if one.start > figure.start
        and one.clause == figure.clause
        and (one.quantity.comparator in _BOUND or one.quantity.unit in ("nm", "layer"))
    ]
    return [figure, *rest]


def _threshold(figure: Figure) -> Threshold:
    quantity = figure.quantity
    value = quantity.value if quantity.value is not None else (quantity.low or quantity.high or 0.0)
    said = figure.sentence.text[figure.segment.start : figure.segment.end]
    wide = figure.sentence.text[figure.clause.start : figure.clause.end]
    about = next((name for pattern, name in _OF if pattern.search(said)), "") or next(
        (name for pattern, name in _OF if pattern.search(wide)), "items"
    )
    return Threshold(of=about, comparator=_comparator(figure), value=value, unit=quantity.unit)


def _comparator(figure: Figure) -> str:
    after = _LINE_AFTER.match(figure.after)
    if figure.quantity.comparator == "=" and not after:
        return "≥"
    if after:
        up = re.search(r"以上|more|above|higher|greater|over|up", after[0])
        return "≥" if up else "≤"
    return figure.quantity.comparator


def _outcome(words: str) -> tuple[Action, str]:
    for pattern, action, said in _OUTCOMES:
        if pattern.search(words):
            return action, said
    return "control", ""


def _place(who: str) -> str:
    return "CN" if who.split("/")[0] in ("MOFCOM", "GAC", "MIIT", "China", "State Council") else ""
