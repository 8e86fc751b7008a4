"""Home to contradictions as pages show them: which claims do not meet which, and two claims side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.desk import figured
from ytterby.desk.blocks import Block, Facts, Link, Pair, Text

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.evidence.claims import Claim
    from ytterby.evidence.contested import Contest
    from ytterby.project import Project

WORDS = {
    "conflict": ("They contradict each other", "二者矛盾"),
    "scope": ("They differ in scope: {why}", "口径不同：{why}"),
    "about": ("About", "内容"),
    "figure": ("Figure", "数字"),
    "words_read": ("Words", "原文"),
    "said_by": ("Said by", "来源"),
    "known": ("Known from", "知悉日期"),
    "standing": ("Standing", "状态"),
}


@dataclass(frozen=True, slots=True)
class Contests:
    """Every pair of claims that does not meet."""

    pairs: tuple[Contest, ...]
    conflicting: frozenset[str]
    """Ids of claims that another contradicts; a difference of scope is none."""

    def of(self, claim: str) -> list[Contest]:
        """The pairs of one claim, conflicts first."""
        found = [one for one in self.pairs if claim in (one.first, one.second)]
        return sorted(found, key=lambda one: (bool(one.why), one.first, one.second))


def contested(project: Project, asked: Asked) -> Contests:
    """The contradictions among all claims that count, kept until the project changes."""

    def found() -> Contests:
        from ytterby.evidence.contested import contests

        pairs = tuple(contests(asked.kept("claims", project.claims)))
        return Contests(pairs, frozenset(name for one in pairs if not one.why for name in (one.first, one.second)))

    return asked.kept("contested", found)


def beside(asked: Asked, first: Claim, second: Claim, why: str = "") -> list[Block]:
    """Two claims that do not meet, side by side with their words, and why they do not."""
    told = asked.say("scope", why=why) if why else asked.say("conflict")
    return [Text([told]), Pair([_side(asked, first)], [_side(asked, second)])]


def _side(asked: Asked, claim: Claim) -> Facts:
    figure = figured.figure(claim) or figured.kind(claim.kind, asked.lang)
    said = " · ".join(one for one in (claim.source.publisher, claim.attributed_to) if one)
    return Facts(
        [
            (asked.say("figure"), Link(figure, asked.to("claim", claim.id))),
            (asked.say("about"), figured.about(claim, asked.lang)),
            (asked.say("words_read"), figured.quoted(asked, claim)),
            (asked.say("said_by"), said or claim.source.title),
            (asked.say("known"), claim.known.isoformat() if claim.known else None),
            (asked.say("standing"), figured.standing(asked, claim)),
        ]
    )
