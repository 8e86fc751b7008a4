"""Home to looking: candidates from the index in steps from exact to loose, then ranked, then quoted.

The index proves quickly what may fit, newest first; the text itself proves what does. A word that stands in everything
is cut off after the newest few hundred, so that the commonest query costs no more than a rare one; a rare word is
always followed to its last place. The very words of the query are looked for until enough texts are proven to hold
them or there are no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ytterby.evidence.search.entries import Hit
from ytterby.evidence.search.index import OWN
from ytterby.evidence.search.needles import Group, all_of, any_of
from ytterby.evidence.search.query import Query, parse
from ytterby.evidence.search.ranking import Answer, Scored, answer, lateness, rarity, score, together
from ytterby.evidence.search.tokens import mark
from ytterby.evidence.search.wishes import Wish, wish
from ytterby.store import searches
from ytterby.store.database import Database
from ytterby.store.searches import Found, Index
from ytterby.terms.errors import BadValue

PAGE = 300
"""Entries looked at in one step."""
COMMON = 1_500
"""Rows after which a word is common."""
READ = 160
"""Loose candidates whose text is looked at."""
QUOTED = 40
"""Of the best entries, those whose sentences are weighed too."""
RECORDS = 0.7
"""What a rule, facility or baseline claim counts beside a document, where both are searched."""


def search(
    db: Database,
    query: str,
    *,
    limit: int = 20,
    lang: str | None = None,
    type: str | None = None,  # noqa: A002 - the word of the filter
    place: str | None = None,
    stage: str | None = None,
    kind: str | None = None,
    since: str | None = None,
    until: str | None = None,
    old: bool = False,
) -> list[Hit]:
    """What answers a query, best first; the same query on the same index gives the same list.

    Without `type`, documents, rules, facilities and the baseline's claims are searched; claims read from documents are
    found with ``type="claim"``, for their sentences are found with the documents.

    Args:
        db: the project's database.
        query: words, ``"phrases"``, ``-words`` to leave out, ``dyspro*``, and filters (``lang:zh place:JP``).
        limit: most hits.
        lang: ``zh`` (both scripts), ``zh-Hant`` or ``en``.
        type: ``document``, ``claim``, ``rule`` or ``facility``.
        place: name or code.
        stage: name or id.
        kind: kind of claim.
        since: first day (or month, or year).
        until: last day.
        old: also superseded versions.

    Raises `BadValue`, `UnknownName` or `DateOrder` for a query that cannot be understood.
    """
    if limit < 1:
        raise BadValue(f"{limit} hits were asked for", place="limit", remedy="ask for 1 or more")
    options = {"lang": lang, "type": type, "place": place, "stage": stage, "kind": kind, "since": since, "until": until}
    asked = parse(query, **options)
    wanted = wish(asked)
    hits: list[Hit] = []
    for index, marks in _indexes(asked):
        scope = _Scope(db, index, marks, asked, old, limit)
        weight = RECORDS if index == "records" and not asked.type else 1.0
        hits += _best(scope, _with_rarity(scope, wanted), weight)
    hits = _ordered(hits)
    return _mixed(hits, limit) if not asked.type else hits[:limit]


@dataclass(frozen=True)
class _Scope:
    """Where is looked."""

    db: Database
    index: Index
    marks: tuple[str, ...]
    query: Query
    old: bool
    limit: int

    def expression(self, inner: str) -> str:
        return all_of([*(f'"{one}"' for one in self.marks), inner])

    def match(self, inner: str, limit: int, before: int | None = None) -> list[Found]:
        return searches.match(
            self.db,
            self.index,
            self.expression(inner),
            limit=limit,
            since=self.query.since,
            until=self.query.until,
            before=before,
            old=self.old,
        )

    def rows(self, inner: str, limit: int) -> list[int]:
        return searches.rows(
            self.db,
            self.index,
            self.expression(inner),
            limit=limit,
            since=self.query.since,
            until=self.query.until,
        )


def _indexes(query: Query) -> Iterator[tuple[Index, tuple[str, ...]]]:
    given = (("lang", query.lang), ("place", query.place), ("stage", query.stage), ("kind", query.kind))
    marks = tuple(mark(kind, value) for kind, value in given if value)
    if query.type in ("", "document"):
        yield "documents", marks
    if query.type != "document":
        yield "records", (*marks, mark("type", query.type) if query.type else OWN)


def _with_rarity(scope: _Scope, wanted: Wish) -> Wish:
    """The wish with each group's rarity, counted up to where a word is common."""
    total = max(1, searches.given(scope.db))
    groups = []
    for group in wanted.groups:
        count = len(scope.rows(group.exact.expression, COMMON)) or len(scope.rows(group.expression, COMMON))
        if count >= COMMON:
            count = max(count, total // 3)
        groups.append(replace(group, idf=rarity(count, max(total, count))))
    return replace(wanted, groups=tuple(groups))


def _best(scope: _Scope, wanted: Wish, weight: float) -> list[Hit]:
    scored: dict[int, Scored] = {}
    for found in _candidates(scope, wanted):
        if found.number not in scored:
            made = score(wanted, found, weight)
            if made is not None:
                scored[found.number] = made
    newest = max((one.found.date for one in scored.values()), default="")
    for one in scored.values():
        one.score += lateness(one.found.date, newest) * weight
    ranked = sorted(_one_each(scored.values()), key=lambda one: (-one.score, -one.found.row))
    kept = max(scope.limit, QUOTED)
    hits = []
    for one in ranked[:kept]:
        start, passages = searches.inside(scope.db, one.found.number)
        told = answer(wanted, one.found, passages, start)
        hits.append(_hit(one, told, start, weight))
    return hits


def _candidates(scope: _Scope, wanted: Wish) -> Iterator[Found]:
    seen: set[int] = set()
    exact = all_of(needle.expression for needle in wanted.whole)
    for found in _proven(scope, wanted, exact):
        seen.add(found.row)
        yield found
    every = all_of(group.expression for group in wanted.groups)
    steps = [f"title : ({any_of([exact, every])})"]
    if len(wanted.groups) > 1:
        steps.append(all_of(group.exact.expression for group in wanted.groups))
    steps.append(every)
    for step in steps:
        for found in scope.match(step, PAGE):
            seen.add(found.row)
            yield found
    if len(wanted.groups) > 1 and len(seen) < max(PAGE // 2, 3 * scope.limit):
        yield from _loose(scope, wanted.groups, seen)


def _proven(scope: _Scope, wanted: Wish, expression: str) -> Iterator[Found]:
    """Entries that hold the very words, until enough are proven or there are no more."""
    enough = max(PAGE // 2, 2 * scope.limit)
    page = max(PAGE, 2 * scope.limit)
    before: int | None = None
    proven = 0
    while proven < enough:
        found = scope.match(expression, page, before)
        for one in found:
            proven += all(needle.certain or needle.count(one.folded, one.text) > 0 for needle in wanted.whole)
            yield one
        if len(found) < page:
            return
        before = found[-1].row


def _loose(scope: _Scope, groups: tuple[Group, ...], seen: set[int]) -> Iterator[Found]:
    """Entries that meet some of what is asked: those first that meet the rarest and the most."""
    earned: dict[int, float] = defaultdict(float)
    common: list[Group] = []
    for group in groups:
        rows = scope.rows(group.expression, COMMON)
        if len(rows) >= COMMON:
            common.append(group)
        for row in rows:
            earned[row] += group.idf * group.share
    if len(groups) > 2 and common:
        for left_out in groups:
            rest = [group for group in groups if group is not left_out]
            worth = sum(group.idf * group.share for group in rest)
            for row in scope.rows(all_of(group.expression for group in rest), PAGE):
                earned[row] = max(earned[row], worth)
    order = sorted((row for row in earned if row not in seen), key=lambda row: (-earned[row], -row))
    yield from searches.at(scope.db, order[: max(READ, 2 * scope.limit)], old=scope.old)


def _one_each(scored: Iterable[Scored]) -> list[Scored]:
    """The best piece of each long text."""
    best: dict[tuple[str, str], Scored] = {}
    for one in scored:
        key = (one.found.type, one.found.id)
        if key not in best or (one.score, one.found.row) > (best[key].score, best[key].found.row):
            best[key] = one
    return list(best.values())


def _hit(one: Scored, told: Answer, start: int, weight: float) -> Hit:
    found = one.found
    return Hit(
        type=found.type,
        id=found.id,
        title=found.title,
        passage=told.passage,
        quote=told.quote,
        start=start + told.start,
        end=start + told.end,
        score=round(one.score + together(told) * weight, 6),
        lang=found.lang,
        date=found.date,
        document=found.document,
    )


def _ordered(hits: Iterable[Hit]) -> list[Hit]:
    """Best first; of equals the latest, then by type and id."""
    latest = sorted(sorted(hits, key=lambda hit: (hit.type, hit.id)), key=lambda hit: hit.date, reverse=True)
    return sorted(latest, key=lambda hit: -hit.score)


def _mixed(hits: list[Hit], limit: int) -> list[Hit]:
    """The best hits; what is no document takes a quarter of them, more only where documents do not fill the rest."""
    others = max(1, limit // 4)
    kept: list[Hit] = []
    spare: list[Hit] = []
    for hit in hits:
        if hit.type == "document" or others > 0:
            kept.append(hit)
            others -= hit.type != "document"
        else:
            spare.append(hit)
    return _ordered([*kept[:limit], *spare[: max(0, limit - len(kept))]])
