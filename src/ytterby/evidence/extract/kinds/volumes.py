"""Home to volumes: tonnes (or money, or pieces) exported and imported."""

from __future__ import annotations

import re
from typing import Any

from ytterby.evidence.claims import Kind
from ytterby.evidence.extract import naming
from ytterby.evidence.extract.actors import FIRM, oblique
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.kinds.themes import theme
from ytterby.evidence.extract.topic import Found, Topic
from ytterby.evidence.extract.trade import Trade, beside, destination, headed, roles, trade_of
from ytterby.evidence.names import Entity

_RIVALS = ("export", "import", "production", "demand", "stock", "capacity", "quota", "reserve")


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A level of exports or imports."""
    what = theme(figure, setting.topic, _RIVALS)
    if what not in ("export", "import"):
        return None
    if figure.quantity.dimension == "mass_rate" and not (figure.has(what, "clause") or figure.has(what, "before")):
        return None
    return traded(figure, setting, "trade_volume", what, theme=what)


def nothing(figure: Figure, setting: Setting) -> Found | None:
    """A trade that came to nothing ("exports fell to zero", 出口量为零); the zero of tariffs and output is not read."""
    if figure.has("tariff", "clause"):
        return None
    cue = figure.near("export", "import", most=340)
    if cue is None:
        return None
    what = "export" if "export" in cue.tags else "import"
    return traded(figure, setting, "trade_volume", what, theme=what)


def traded(figure: Figure, setting: Setting, kind: Kind, what: str, **slots: Any) -> Found:
    """A statement about trade, with whose, what and where to or from."""
    topic = setting.topic
    mention = trade_of(figure, setting.trades, topic)
    flow, reporter, partner = what, "", ""
    thing = naming.material(figure, topic)
    if mention is not None and mention.flow == what:
        reporter, partner = mention.reporter, mention.counterpart
        if not partner and not mention.whole and _bare(figure, mention.cue.start, mention.cue.end):
            partner = topic.counterpart if topic.flow == flow else ""
            reporter = reporter or topic.reporter
    elif mention is None and topic.flow == flow:
        partner, reporter = "" if figure.has("total") else topic.counterpart, topic.reporter
    partner = (_nth(figure, mention) if mention is not None else "") or _own_clause(figure, mention) or partner
    listed = headed(figure)
    near = beside(figure) if kind == "trade_volume" and flow == "export" else ""
    partner = (listed.place if listed else "") or destination(figure) or (near if near != reporter else "") or partner
    if not reporter:
        reporter = topic.reporter if topic.flow == flow else ""
    reporter = reporter or "CN"
    if partner == reporter:
        partner = ""
    firm = _firm(figure, mention, topic) if mention is not None and not mention.reporter else None
    topic.flow, topic.reporter, topic.counterpart = flow, reporter, partner
    if firm is not None:
        return made(
            figure,
            setting,
            kind,
            subject=firm.en,
            object=naming.trade_words(thing, flow, partner),
            material=thing,
            place=firm.place,
            counterpart=partner or "WLD",
            stage=thing.stage if thing else "",
            actor=firm,
            **slots,
        )
    return made(
        figure,
        setting,
        kind,
        subject=naming.country(reporter),
        object=naming.trade_words(thing, flow, partner),
        material=thing,
        place=reporter,
        counterpart=partner or "WLD",
        stage=thing.stage if thing else "",
        **slots,
    )


def _firm(figure: Figure, mention: Trade, topic: Topic) -> Entity | None:
    """The firm that ships itself ("Lynas shipped 3,100 tonnes"); None where a country's trade is told."""
    sentence = figure.sentence
    acting = [
        name
        for name in sentence.named(sentence.start, mention.cue.start, "company", "country", "government")
        if not oblique(sentence, name)
    ]
    clause = sentence.clause_at(mention.cue.start)
    own = [name for name in acting if name.start >= clause.start] or acting[:1]
    about = topic.actor
    if not own and about is not None and about.kind == "company":
        return about if FIRM.search(sentence.text, clause.start, mention.cue.start) else None
    return next((name.entity for name in own if name.entity.kind == "company"), None)


def _nth(figure: Figure, mention: Trade) -> str:
    """Of several partners the one that a figure's place in its list stands for ("同比分别增长3%和下降7%")."""
    if len(mention.counterparts) < 2 or not _SEVERALLY.search(
        figure.sentence.text, figure.clause.start, figure.clause.end
    ):
        return ""
    clause = figure.clause
    listed = [
        one
        for one in figure.sentence.quantities
        if clause.start <= one.start < clause.end and one.dimension == figure.quantity.dimension
    ]
    at = next((at for at, one in enumerate(listed) if one.start == figure.quantity.start), -1)
    return mention.counterparts[at] if len(listed) == len(mention.counterparts) and at >= 0 else ""


_SEVERALLY = re.compile(r"分别|respectively|依次", re.IGNORECASE)


def _own_clause(figure: Figure, mention: Trade | None) -> str:
    """The partner a figure's own clause names where the trade itself stands in an earlier one ("those to Japan")."""
    if mention is not None and mention.cue.start >= figure.clause.start:
        return ""
    places = figure.sentence.named(figure.clause.start, figure.start, "country")
    led = [name.entity.place for name, role in roles(figure.sentence, places) if role == "to"]
    return led[-1] if led and led[-1] not in ("WLD", "ZZ") else ""


def _bare(figure: Figure, start: int, end: int) -> bool:
    """Whether trade is named without what is traded, so that it is the trade before ("2月进口量只有311吨")."""
    sentence = figure.sentence
    clause = sentence.clause_at(start)
    near = [
        name
        for name in sentence.named(clause.start, clause.end, "material")
        if start - 40 <= name.start and name.end <= end + 40
    ]
    return not near
