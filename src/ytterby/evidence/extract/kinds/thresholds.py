"""Home to thresholds: the lines a rule draws (0.1 % of value, 50 % held, 14 nm and below, 2,000 t a year)."""

from __future__ import annotations

import re

from ytterby.evidence.claims import Action, Measure, Threshold
from ytterby.evidence.extract.actors import issuer, subject_name
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.naming import country
from ytterby.evidence.extract.topic import Found

_NORM = re.compile(
    r"不得|不予许可|出口管制|管制|逐案|须|应当|方可|豁免|视为|门槛|适用|无需|无须|纳入|受管制|受控|原则上|禁止"
    r"|许可|下列"
    r"|管控|申请|子公司|不受|列管"
    r"|\b(?:must|shall|may not|required?|requires?|needs? (?:a |an )?(?:\w+ )?licen[cs]e|prohibited|subject to"
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
    line = bool(_LINE_AFTER.match(figure.after)) or quantity.comparator in _BOUND
    sized = quantity.unit in ("nm", "layer")
    if not (line or sized):
        return None
    sentence = figure.sentence
    ruled = bool(setting.topic.instrument) and bool(
        _LINE_AFTER.match(figure.after) or _DRAWN.search(sentence.text[figure.start : figure.end])
    )
    if not (ruled or _NORM.search(sentence.words)) or _is_fact(figure, ruled=ruled):
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
    r"要求|基准|目标|法案|条例|\bbenchmarks?\b|\bact\b|\btargets?\b|\brequires?\b|\bmust\b|\bregulation\b",
    re.IGNORECASE,
)
_OWN_NEED = re.compile(
    r"自身需求|年度?消费|需求的|消费量的|单一(?:国家|来源|第三国)|\bof (?:its|the union's|eu|annual|its own"
    r"|their)\b|annual (?:needs|consumption|demand)"
    r"|single (?:third )?country",
    re.IGNORECASE,
)


def _benchmark(figure: Figure, setting: Setting) -> Found | None:
    """A share of its own need that an authority asks for by a year (the European Union's benchmarks)."""
    sentence = figure.sentence
    who = next(
        (
            name.entity
            for name in sentence.named(sentence.start, figure.start)
            if name.entity.kind in ("government", "agency", "organisation", "instrument")
            or (name.entity.kind == "country" and name.entity.place == "EU")
        ),
        None,
    )
    if who is None or not (_BENCH.search(sentence.words) and _OWN_NEED.search(sentence.words)):
        return None
    subject = subject_name(who) if who.kind != "instrument" else (who.place and country(who.place)) or who.en
    line = Threshold(
        of="own need",
        comparator=figure.quantity.comparator if figure.quantity.comparator in _BOUND else "≥",
        value=figure.quantity.value or 0.0,
        unit="%",
    )
    head = sentence.text[figure.head.start : figure.head.end] if figure.head else ""
    near = head or figure.after[:48] + figure.sentence.text[figure.segment.start : figure.start]
    words = next((said for pattern, said in _STEPS if pattern.search(near)), "need")
    return made(
        figure,
        setting,
        "threshold",
        decided=True,
        subject=subject,
        object=f"benchmark: {words}",
        measure=Measure(action="condition", issuer=subject, thresholds=(line,)),
        place=who.place,
        theme="threshold",
        carry=False,
        modality="target",
    )


_STEPS = (
    (re.compile(r"回收|recycl", re.IGNORECASE), "recycling"),
    (re.compile(r"加工|process|refin", re.IGNORECASE), "processing"),
    (re.compile(r"开采|extract|mining|mined", re.IGNORECASE), "extraction"),
    (re.compile(r"单一|single", re.IGNORECASE), "single source"),
)


def _is_fact(figure: Figure, *, ruled: bool) -> bool:
    """A figure with a bound may still be a fact: "makes more than 90 percent of"."""
    if figure.quantity.unit in ("nm", "layer"):
        return False
    if _LINE_AFTER.match(figure.after) or _DRAWN.search(figure.sentence.text[figure.start : figure.end]):
        return (
            figure.quantity.dimension == "percent"
            and figure.has("share")
            and not figure.has("norm", "clause")
            and not (re.search(r"比例|控股|持股|子公司|own|held|subsidiar|value|价值", figure.before))
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
    return not ruled and not figure.sentence.has("norm", figure.clause.start, figure.sentence.end)


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
