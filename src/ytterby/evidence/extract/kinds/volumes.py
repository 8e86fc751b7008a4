"""Home to volumes: tonnes (or money, or pieces) exported and imported."""

from __future__ import annotations

from typing import Any

from ytterby.evidence.claims import Kind
from ytterby.evidence.extract import naming
from ytterby.evidence.extract.context import Figure
from ytterby.evidence.extract.kinds.contract import Setting, made
from ytterby.evidence.extract.kinds.themes import theme
from ytterby.evidence.extract.topic import Found
from ytterby.evidence.extract.trade import beside, destination, headed, trade_of

_RIVALS = ("export", "import", "production", "demand", "stock", "capacity", "quota", "reserve")


def decide(figure: Figure, setting: Setting) -> Found | None:
    """A level of exports or imports."""
    what = theme(figure, setting.topic, _RIVALS)
    if what not in ("export", "import"):
        return None
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
        partner, reporter = topic.counterpart, topic.reporter
    listed = headed(figure)
    near = beside(figure) if kind == "trade_volume" and flow == "export" else ""
    partner = (listed.place if listed else "") or destination(figure) or (near if near != reporter else "") or partner
    if not reporter:
        reporter = topic.reporter if topic.flow == flow else ""
    reporter = reporter or "CN"
    if partner == reporter:
        partner = ""
    topic.flow, topic.reporter, topic.counterpart = flow, reporter, partner
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
