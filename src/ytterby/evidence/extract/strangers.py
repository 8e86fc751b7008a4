"""Home to strangers: actors that no dictionary knows, read from their capitals and what they do."""

from __future__ import annotations

import re

from ytterby.evidence.extract.context import Sentence
from ytterby.evidence.names import Entity

_STRANGER = re.compile(
    r"(?:^|(?<=[.;:,] )|(?<=while )|(?<=and ))(?:The |the )?"
    r"(?P<name>[A-Z][\w&'’.-]*[\w](?: (?:of |and |& )?[A-Z0-9][\w&.-]*){0,4})(?:,[^,]{3,60},)?"
    r"(?='s | (?P<verb>[a-z]{2,}(?:ed|es|s)|has|had|is|was|will|would|can|could|put|won|made|sold|bought|built|paid"
    r"|lent|cut|shut|took|held|plan|also|then|now|rose|fell|grew|came|set)\b)"
)
_FIRM_ACTS = re.compile(
    r"pledged|raised|invested|secured|plans|planned|aims|opened|acquired|signed|produced|produces|sold|received|won"
    r"|reported|targets|makes|operates|owns|will|idled|halted|delivered|builds|built|lent|paid|bought"
)
"""What firms do and common nouns hardly: a single capitalised word before one of these is a name."""

_COMMON_WORDS = """
it its they their he she this that these those there one two three some many most few several both all each every in
on at by for from of to with under over after before since until while when where if as but and or so yet exports
imports shipments prices output production demand supply analysts officials exporters importers producers magnets rare
earth earths licences licenses companies firms carmakers defence defense wind power industry market markets january
february march april may june july august september october november december monday tuesday wednesday thursday friday
saturday sunday overall total global world europe european heavy light construction current projections another other
such sales revenue profit net capacity stocks reserves deliveries applications terbium dysprosium neodymium yttrium
samarium ndpr licence license project foreign domestic only just about nearly around almost more less up down customs
data figures
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def stranger(sentence: Sentence, end: int) -> Entity | None:
    """An actor the dictionary does not know: a capitalised name before a verb, at the head of a clause before `end`."""
    if sentence.chinese:
        return None
    for match in _STRANGER.finditer(sentence.text, sentence.start, end):
        words = match["name"].split()
        if len(words) == 1 and not _FIRM_ACTS.fullmatch(match["verb"] or ""):
            continue
        if any(name.start < match.end("name") and match.start("name") < name.end for name in sentence.names):
            continue
        if words[0].lower() in _COMMON:
            continue
        return Entity(f"unknown:{match['name']}", "company", match["name"], "")
    return None
