"""Home to looking: candidates from the index in steps from exact to loose, then ranked, then quoted.

The index proves quickly what may fit, newest first; the text itself proves what does. A word that stands in everything
is cut off after the newest few hundred, so that the commonest query costs no more than a rare one; a rare word is
always followed to its last place. The very words of the query are looked for until enough texts are proven to hold
them or there are no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from heapq import nlargest

from ytterby.evidence.search.entries import Hit
from ytterby.evidence.search.index import OWN
from ytterby.evidence.search.needles import Group, all_of
from ytterby.evidence.search.query import Query, parse
from ytterby.evidence.search.ranking import Answer, Scored, answer, lateness, rarity, score, together
from ytterby.evidence.search.tokens import mark
from ytterby.evidence.search.wishes import Wish, wish
from ytterby.store import searches
from ytterby.store.database import Database
from ytterby.store.searches import Found, Index
from ytterby.terms.errors import BadValue

PAGE = 120
"""Entries looked at in one step."""
COMMON = 600
"""Rows after which a word is common."""
READ = 80
"""Loose candidates whose text is looked at."""
QUOTED = 24
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
        span = {"since": self.query.since, "until": self.query.until}
        return searches.rows(self.db, self.index, self.expression(inner), limit=limit, **span)

    def unseen(self, rows: Iterable[int], seen: Set[int]) -> list[Found]:
        return searches.at(self.db, [row for row in rows if row not in seen], old=self.old)

    def count(self, inner: str) -> int:
        span = {"since": self.query.since, "until": self.query.until}
        return searches.count_up_to(self.db, self.index, self.expression(inner), limit=COMMON, **span)


def _indexes(query: Query) -> Iterator[tuple[Index, tuple[str, ...]]]:
    given = (("lang", query.lang), ("place", query.place), ("stage", query.stage), ("kind", query.kind))
    marks = tuple(mark(kind, value) for kind, value in given if value)
    if query.type in ("", "document"):
        yield "documents", marks
    if query.type != "document":
        yield "records", (*marks, mark("type", query.type) if query.type else OWN)


def _with_rarity(scope: _Scope, wanted: Wish) -> Wish:
    """The wish with each group's rarity, counted up to where a word is common."""
    if len(wanted.groups) == 1:
        return wanted
    total = max(1, searches.given(scope.db))
    groups = []
    for group in wanted.groups:
        typed = scope.count(group.exact.expression)
        count = typed or scope.count(group.expression)
        rare = rarity(count if count < COMMON else max(count, total // 3), max(total, count))
        groups.append(replace(group, idf=rare, typed=typed > 0, there=count > 0))
    return replace(wanted, groups=tuple(groups))


def _best(scope: _Scope, wanted: Wish, weight: float) -> list[Hit]:
    scored: dict[int, Scored] = {}
    seen: set[int] = set()
    for found in _candidates(scope, wanted, scored, seen):
        if found.row not in seen:
            seen.add(found.row)
            made = score(wanted, found, weight)
            if made is not None:
                scored[found.number] = made
    newest = max((one.found.date for one in scored.values()), default="")
    for one in scored.values():
        one.score += lateness(one.found.date, newest) * weight
    ranked = sorted(_one_each(scored.values()), key=lambda one: (-one.score, -one.found.row))
    return [_hit(one, answer(wanted, one), weight) for one in ranked[: max(scope.limit, QUOTED)]]


def _candidates(scope: _Scope, wanted: Wish, scored: Mapping[int, Scored], seen: Set[int]) -> Iterator[Found]:
    """Entries that may answer, each step looser than the last, until `scored` has enough that met a stricter one.

    `scored` and `seen` (index rows) grow in the caller's hands while it takes what is found here.
    """
    groups = [group for group in wanted.groups if group.needed] or list(wanted.groups)
    cut_off = False
    for page in _proven(scope, wanted):
        cut_off = len(page) >= PAGE
        yield from page
    exact = sum(1 for one in scored.values() if one.exact)
    every = all_of(group.expression for group in groups)
    if len(groups) > 1 and exact < PAGE // 2 and all(group.typed for group in groups):
        found = scope.rows(all_of(group.exact.expression for group in groups), PAGE)
        cut_off |= len(found) >= PAGE
        yield from scope.unseen(found, seen)
    if cut_off:
        # Only the newest were looked at; of the others, those that say it in their title are the likeliest.
        yield from scope.unseen(scope.rows(f"title : ({every})", PAGE // 2), seen)
    # What holds the very words always stands above what holds other names for them.
    enough = scope.limit if len(groups) == 1 else 3 * scope.limit
    if exact < enough and all(group.there for group in groups):
        yield from scope.unseen(scope.rows(every, PAGE), seen)
    if len(wanted.groups) > 1 and len(scored) < 3 * scope.limit:
        yield from scope.unseen(_loose(scope, tuple(group for group in wanted.groups if group.there)), seen)


def _proven(scope: _Scope, wanted: Wish) -> Iterator[list[Found]]:
    """Entries that hold the very words, in pages, until enough are proven or there are no more."""
    expression = all_of(needle.expression for needle in wanted.whole)
    size = max(PAGE, 2 * scope.limit)
    before: int | None = None
    proven = 0
    while proven < max(PAGE // 2, 2 * scope.limit):
        page = scope.match(expression, size, before)
        yield page
        if len(page) < size:
            return
        for one in page:
            proven += all(needle.certain or needle.count(one.folded, one.text) > 0 for needle in wanted.whole)
        before = page[-1].row


def _loose(scope: _Scope, groups: tuple[Group, ...]) -> list[int]:
    """Rows that meet some of what is asked: those first that meet the rarest and the most."""
    earned: dict[int, float] = defaultdict(float)
    common: list[Group] = []
    for group in groups:
        rows = scope.rows(group.expression, COMMON)
        if len(rows) >= COMMON:
            common.append(group)
        for row in rows:
            earned[row] += group.idf * group.share
    rarest = sorted(groups, key=lambda group: -group.idf * group.share)[:2]
    for some in (common, rarest):
        if 1 < len(some) < len(groups):
            worth = sum(group.idf * group.share for group in some)
            for row in scope.rows(all_of(group.expression for group in some), READ):
                earned[row] = max(earned[row], worth)
    most = nlargest(max(READ, 2 * scope.limit), ((worth, row) for row, worth in earned.items()))
    return [row for _, row in most]


def _one_each(scored: Iterable[Scored]) -> list[Scored]:
    """The best piece of each long text."""
    best: dict[tuple[str, str], Scored] = {}
    for one in scored:
        key = (one.found.type, one.found.id)
        if key not in best or (one.score, one.found.row) > (best[key].score, best[key].found.row):
            best[key] = one
    return list(best.values())


def _hit(one: Scored, told: Answer, weight: float) -> Hit:
    found = one.found
    return Hit(
        type=found.type,
        id=found.id,
        title=found.title,
        passage=told.passage,
        quote=told.quote,
        start=found.start + told.start,
        end=found.start + told.end,
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
