"""Home to steps: which stage of the chain a share is of (mined, refined, made into magnets), where its words say so."""

from __future__ import annotations

import re

from ytterby.evidence.extract.context import Figure

# stage id, the words that name it
_STEPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("recycling", re.compile(r"回收|再生|\brecycl\w+", re.IGNORECASE)),
    (
        "separation",
        re.compile(
            r"分离|精炼|冶炼|提炼|加工|\b(?:refin|separat|process|smelt)(?:e|es|ed|ing|ery|ion)\b", re.IGNORECASE
        ),
    ),
    ("metal", re.compile(r"金属(?:冶炼|化|制造)|\bmetal[- ]making\b|\bmetalli[sz]ation\b", re.IGNORECASE)),
    (
        "magnet",
        re.compile(
            r"磁铁|磁体|磁材|永磁|钕铁硼|\bmagnet (?:making|production|output|manufactur\w+|stage)\b"
            r"|\bmagnets\b|\bmagnet-making\b",
            re.IGNORECASE,
        ),
    ),
    (
        "mine",
        re.compile(
            r"开采|采矿|矿产|采选|矿山产|采出|原矿|(?<=稀土)矿"
            r"|\b(?:mined|mines|mining|mine (?:production|output|supply)|dug)\b",
            re.IGNORECASE,
        ),
    ),
)
_STAGE = re.compile(r"环节|阶段|领域|端|方面|\b(?:stage|step|segment)\b|^\s*(?:in|at|for)\b", re.IGNORECASE)


def step(figure: Figure) -> str:
    """The id of the stage a figure's own words name; else the one a clause before it opened with; else empty."""
    text = figure.sentence.text
    if figure.head is not None:
        named = _named(text, figure.head.start, figure.head.end, figure.head.end)
        if named:
            return named
    own = _named(text, figure.segment.start, figure.segment.end, figure.start)
    if own:
        return own
    earlier = [one for one in figure.sentence.figures if one.end <= figure.start]
    after = earlier[-1].end if earlier else figure.sentence.start
    lead = text[after : figure.segment.start]
    if _STAGE.search(lead):
        return _named(text, after, figure.segment.start, figure.start)
    return ""


def _named(text: str, start: int, end: int, at: int) -> str:
    """The stage whose word stands nearest to `at` in a stretch."""
    best, least = "", 10_000
    for name, pattern in _STEPS:
        for match in pattern.finditer(text, start, end):
            away = at - match.end() if match.end() <= at else match.start() - at
            if away < least:
                best, least = name, away
    return best
