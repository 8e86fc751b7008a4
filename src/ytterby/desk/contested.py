"""Home to contradictions as pages show them: which claims do not meet which, and two claims side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.desk import figured
from ytterby.desk.blocks import Cell, Chip, Column, Inline, Link, Strong, Table, Tongue, Words

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.evidence.claims import Claim
    from ytterby.evidence.contested import Contest
    from ytterby.project import Project

WORDS = {
    "conflict": ("They contradict each other", "二者矛盾"),
    "one": ("One says", "一方"),
    "other_one": ("Another says", "另一方"),
    "why": ("Why they do not meet", "不符之处"),
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


def beside(asked: Asked, pairs: Iterable[tuple[Claim, Claim, str]]) -> Table:
    """Claims that do not meet, two and two side by side with their words, and why they do not."""
    found = list(pairs)
    columns = (
        Column("first", asked.say("one"), "wide"),
        Column("second", asked.say("other_one"), "wide"),
        Column("why", asked.say("why")),
    )
    cells: list[dict[str, Cell]] = [
        {
            "first": _side(asked, first),
            "second": _side(asked, second),
            "why": asked.say("scope", why=why) if why else Chip(asked.say("conflict"), "contested"),
        }
        for first, second, why in found
    ]
    data = [
        {
            f"{side}_{name}": value
            for side, claim in (("first", first), ("second", second))
            for name, value in _row(claim)
        }
        | {"why": why, "conflict": not why}
        for first, second, why in found
    ]
    return Table(columns, cells, data=data)


def _row(claim: Claim) -> list[tuple[str, object]]:
    row = figured.row(claim)
    return [(name, row[name]) for name in ("id", "value", "low", "high", "unit", "quote", "publisher", "known")]


def _side(asked: Asked, claim: Claim) -> Words:
    figure = figured.figure(claim, asked.lang) or figured.kind(claim.kind, asked.lang)
    said = " · ".join(one for one in (claim.source.publisher, claim.attributed_to, str(claim.known or "")) if one)
    words = figured.quoted(asked, claim, 160)
    pieces: list[Inline] = [
        Link(figure, asked.to("claim", claim.id)),
        " ",
        Strong(figured.about(claim, asked.lang)),
        " ",
    ]
    pieces += [
        words if isinstance(words, Link | Tongue) else str(words),
        f" — {said} ",
        Chip(asked.say(claim.status), claim.status),
    ]
    return [*pieces, " ", Chip(asked.say("assumed"), "assumed")] if claim.assumed else pieces
