"""Home to the project's evidence: what was read, what it claims, what contradicts it, and what it weighs together."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ytterby.project.opened import Date, Opened, Progress, sound
from ytterby.terms.errors import BadValue, DateOrder, InputError, StoreError, UnknownName, shown

if TYPE_CHECKING:
    from ytterby.evidence.briefs.shape import Brief
    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document
    from ytterby.evidence.ledger import Scored
    from ytterby.evidence.library import Library, Reading
    from ytterby.evidence.lineage import Line
    from ytterby.evidence.model import Model
    from ytterby.evidence.offices import OfficeDoubt
    from ytterby.evidence.pages import TopicPage
    from ytterby.evidence.search import Hit
    from ytterby.evidence.sharing import Hands
    from ytterby.evidence.topics import Topic
    from ytterby.evidence.weigh import Asked, Moved, Weighed
    from ytterby.store.database import Database

Tongue = Literal["zh", "en"]

BATCH = 64
"""Documents made findable per transaction."""


class Evidence(Opened):
    """The side of a project that reads."""

    # documents

    def read(
        self,
        sources: Iterable[str | Path],
        *,
        allow_private: bool = False,
        progress: Progress | None = None,
        engine: str = "local",
        workers: int | None = None,
        address: str | None = None,
    ) -> list[Reading]:
        """Reads files, folders, feeds, addresses and ``-`` into the project, with the claims found in them.

        What was read before is not read again; an item that cannot be read is reported as refused with the reason, and
        the rest proceeds. A killed process loses no document that was reported.

        Args:
            sources: paths and addresses.
            allow_private: let an address lead to this machine or a private network.
            progress: called with items done and items known of.
            engine: where bytes become documents and claims: ``local``, this machine, or ``ray``, a cluster at `address`
                or one started here. Fetching and writing stay here, and nothing differs.
            workers: processes that read at once; this one alone without it, or all of a cluster's.
            address: of a Ray cluster that runs already.

        Raises:
            StoreError: the project cannot be written.
            InputError: no such engine, fewer than one worker, an address for this machine, or a language model, which
                is asked from this machine only, and a cluster.
            RunError: the cluster cannot be reached, or its workers were lost again and again.
        """
        elsewhere: dict[str, Any] = {"engine": engine, "workers": workers, "address": address}
        return list(self.reading(sources, allow_private=allow_private, progress=progress, **elsewhere))

    def reading(
        self,
        sources: Iterable[str | Path],
        *,
        allow_private: bool = False,
        progress: Progress | None = None,
        engine: str = "local",
        workers: int | None = None,
        address: str | None = None,
    ) -> Iterator[Reading]:
        """As `read`, each reading as soon as the store has it."""
        from ytterby.evidence.claimed import MAKER, claimed

        model = self._model()
        extract = claimed if model is None else partial(claimed, model=model)
        maker = MAKER if model is None else f"{MAKER} {model.name}"
        with self._library() as library, self._hands(engine, workers, address, model) as hands:
            yield from library.read(
                sources, extract=extract, extractor=maker, allow_private=allow_private, progress=progress, hands=hands
            )
            self._index(library)

    def _hands(
        self, engine: str, workers: int | None, address: str | None, model: Model | None
    ) -> AbstractContextManager[Hands | None]:
        """Who reads, for a ``with`` block; None is this process."""
        if engine == "local" and workers is None and address is None:
            return nullcontext()
        from ytterby.run.engines.choosing import hands

        chosen = hands(engine, workers, address)
        if model is not None and engine != "local":
            raise BadValue(
                "a language model is asked from this machine only",
                place=f"engine {engine}, and [model] in ytterby.toml",
                remedy="read with --workers alone, or take [model] out of the settings",
            )
        return chosen

    @property
    def sample(self) -> Path:
        """Folder of the documents that come with Ytterby: our own words, public facts, contradictions left in."""
        from importlib.resources import files

        return Path(str(files("ytterby"))) / "data" / "corpus"

    def document(self, name: str) -> Document:
        """A document that was read, by id, the beginning of one, path or address.

        Raises:
            UnknownName: nothing of that name was read.
        """
        with self._library() as library:
            return library.document(name)

    def documents(self) -> list[Document]:
        """The newest version of every document that was read, by date."""
        with self._library() as library:
            return library.documents()

    def arrivals(self) -> dict[str, str]:
        """When each document was first read (ISO, UTC), by id; its bytes are kept once and never written again."""
        from ytterby.store import blobs

        return {one.id: blobs.arrived(self._folder, one.id) for one in self.documents()}

    def likenesses(self) -> dict[str, list[dict[str, Any]]]:
        """Groups of documents that say the same: near-duplicates, and twins in Chinese and English."""
        from ytterby.evidence.duplicates import clusters
        from ytterby.evidence.twins import twins

        documents = self.documents()
        same = [{"id": one.id, "members": list(one.members)} for one in clusters(documents)]
        pairs = [{"zh": one.a, "en": one.b, "score": one.score, "shared": list(one.shared)} for one in twins(documents)]
        return {"duplicates": same, "twins": pairs}

    def doubts(self, name: str) -> list[OfficeDoubt]:
        """People whom a document gives an office that was not theirs on the day."""
        from ytterby.evidence import offices

        return offices.check(self.document(name))

    def brief(self, name: str | Path, lang: Tongue | None = None, points: int | None = None) -> Brief:
        """The brief of a document: a file, which is read where it was not yet, an address, or an id.

        Args:
            name: a path, an address or an id (its beginning will do).
            lang: ``zh`` or ``en``; the document's own without it.
            points: most points, 1 to 50.

        Raises:
            InputError: no such document, or the file was refused.
        """
        from ytterby.evidence.briefs.compose import brief

        path = Path(name)
        if path.is_dir():
            remedy = "name one of its files; ytterby documents lists what was read"
            raise BadValue("a brief is of one document, and this is a folder", place=str(name), remedy=remedy)
        if path.is_file():
            self._read_one(path)
        with self._library() as library:
            document = library.document(str(name))
            kept = _restored(library, document.id)
        return brief(document, kept, lang=lang, points=points, model=self._model())

    def _read_one(self, path: Path) -> None:
        """Reads a file as it now is; of a project that cannot be written, as it was read last."""
        try:
            refused = [one.error for one in self.reading([path]) if one.status == "refused"]
        except StoreError as error:
            with self._library() as library:
                try:
                    library.document(str(path))
                except InputError:
                    raise error from None
            return
        if refused:
            head, _, remedy = refused[0].partition("\n")
            cause, _, place = head.partition(" · ")
            raise BadValue(cause, place=place or str(path), remedy=remedy)

    def search(
        self,
        query: str,
        limit: int = 20,
        *,
        lang: str | None = None,
        type: str | None = None,  # noqa: A002 - the word of the filter
        place: str | None = None,
        stage: str | None = None,
        kind: str | None = None,
        since: str | None = None,
        until: str | None = None,
        old: bool = False,
    ) -> list[Hit]:
        """What answers a query in documents, claims, rules and facilities, best first; see `evidence.search.search`.

        The filters may stand in the query too (``lang:zh place:JP``).

        Raises:
            InputError: the query cannot be understood.
        """
        from ytterby.evidence.search import search

        with self._library() as library:
            self._index(library)
            return search(
                library.db,
                query,
                limit=limit,
                lang=lang,
                type=type,
                place=place,
                stage=stage,
                kind=kind,
                since=since,
                until=until,
                old=old,
            )

    def topics(self) -> list[Topic]:
        """The saved questions: the package's and the project's own."""
        from ytterby.evidence import topics

        return topics.listed(self.path)

    def topic(self, name: str, lang: Tongue | None = None) -> TopicPage:
        """The page of a topic: documents newest first with briefs, timeline, claims, contested figures.

        Raises:
            UnknownName: no topic of that id or title.
        """
        from ytterby.evidence import pages, topics

        chosen = topics.load(name, self.path)
        return pages.page(chosen, self.documents(), self._read_claims(), lang=lang)

    # claims

    def claims(
        self,
        kind: str | None = None,
        parameter: str | None = None,
        document: str | None = None,
        known: Date = None,
        status: str | None = None,
        path: str | None = None,
    ) -> list[Claim]:
        """Every claim that counts, or those of one kind, parameter, document, path or status, known on a day.

        `parameter` names one parameter, or all that begin so where it ends in ``:`` or ``*`` (``trade:``). `document`
        is an id or its beginning; `path` a file or address that was read, or a baseline table.

        Raises:
            UnknownName: a kind, status, document or path there is not.
        """
        from ytterby.evidence.claims import KINDS
        from ytterby.store.reviews import STATUSES

        if kind is not None and kind not in KINDS:
            raise UnknownName(kind, KINDS, "kind of claim")
        if status is not None and status not in STATUSES:
            raise UnknownName(status, STATUSES, "status")
        return [
            claim
            for claim in self._claims_of(document, path)
            if (kind is None or claim.kind == kind)
            and (status is None or claim.status == status)
            and (parameter is None or _names(parameter, claim.parameter))
            and (known is None or (claim.known is not None and claim.known <= known))
        ]

    def _claims_of(self, document: str | None, path: str | None) -> list[Claim]:
        if document is None and path is None:
            return self._claims()
        if path is not None:
            of_table = self._claims_of_table(path)
            if of_table:
                return of_table
        if document is not None and document.startswith(("baseline:", "overlay")):
            return [claim for claim in self._claims() if claim.document == document]
        with self._library() as library:
            found = library.document(str(path or document))
            return _restored(library, found.id)

    def _claims_of_table(self, path: str) -> list[Claim]:
        """The claims of a table by its name (``shares``, ``shares.csv``) or of an overlay file by its path."""
        from ytterby.evidence.naming import is_read

        asked = Path(path)
        table = asked.stem if asked.suffix in ("", ".csv") and asked.name == path else ""
        return [c for c in self._claims() if c.document == f"baseline:{table}" or (c.path == path and not is_read(c))]

    def _read_claims(self) -> list[Claim]:
        from ytterby.evidence.naming import is_read

        return [claim for claim in self._claims() if is_read(claim)]

    def review(
        self,
        status: Literal["accepted", "rejected", "pending"],
        claims: Sequence[str] = (),
        *,
        reviewer: str,
        reason: str = "",
        document: str | None = None,
        kind: str | None = None,
        parameter: str | None = None,
    ) -> list[str]:
        """Accepts, rejects or reopens claims, with who decided and why; returns their ids. Nothing is ever deleted.

        Args:
            status: the verdict.
            claims: ids, or beginnings of them; without any, the claims that fit all of the rest: those that wait, or,
                to reopen, those that were decided on.
            reviewer: who decided.
            reason: why.
            document: claims of this document.
            kind: claims of this kind.
            parameter: claims of this parameter, or of all that begin so where it ends in ``:`` or ``*``.

        Raises:
            UnknownName: no such claim, document, kind or parameter.
            BadValue: no reviewer, neither claims nor anything else named, or both.
        """
        from ytterby.store import reviews

        named = {name: one for name, one in (("document", document), ("kind", kind), ("parameter", parameter)) if one}
        _reviewable(claims, named, reviewer)
        every = self._claims(keep=True)  # rows of tables are reviewed like the rest: they have to be in the store
        with self._library() as library:
            if claims:
                chosen = list(dict.fromkeys(_whole_id(library.db, claim) for claim in claims))
            else:
                chosen = [claim.id for claim in _fitting(library, every, **named) if _awaits(claim, status)]
            with library.db.transaction():
                for claim in chosen:
                    reviews.add(library.db, claim, status, reviewer=reviewer, reason=reason)
        return chosen

    def reviews(self, claim: str) -> list[dict[str, Any]]:
        """Every verdict on a claim, oldest first: claim, status, reviewer, reason, at (UTC).

        Raises:
            UnknownName: no such claim.
        """
        from ytterby.store import reviews

        with self._library() as library:
            return reviews.of(library.db, _whole_id(library.db, claim))

    def weigh(self, parameter: str | None = None, known: Date = None) -> dict[str, Weighed]:
        """The distribution each parameter is pooled into from the accepted claims known on the day `known`."""
        from ytterby.evidence import weigh

        weighed = weigh.weigh(self._claims(), known)
        return {name: row for name, row in weighed.items() if parameter is None or _names(parameter, name)}

    def ask(self, parameter: str | None = None, known: Date = None) -> dict[str, Asked]:
        """All that is claimed of each parameter, waiting claims too, with conflicts and differences of scope."""
        from ytterby.evidence import weigh

        asked = weigh.ask(self._claims(), known)
        return {name: row for name, row in asked.items() if parameter is None or _names(parameter, name)}

    def moved(self, since: datetime.date, until: Date = None, *, claims: list[Claim] | None = None) -> list[Moved]:
        """The parameters that moved between the ends of two days, and the claims responsible.

        Each day has what was known by then, with the verdicts that stood then: a claim accepted on Monday moves its
        parameter on Monday, however old its article is.

        Args:
            since: the first day.
            until: the second; today without it.
            claims: all that `claims()` gives, where they are at hand.

        Raises:
            DateOrder: `until` lies before `since`.
        """
        from ytterby.evidence import weigh

        last = until or datetime.date.today()
        if last < since:
            raise DateOrder(f"{last} lies before {since}", place="since, until", remedy="swap the two days")
        claims = self._claims() if claims is None else claims
        return weigh.moved_between(self._claims_on(since, claims), since, self._claims_on(last, claims), last)

    def _claims_on(self, day: datetime.date | str, claims: list[Claim] | None = None) -> list[Claim]:
        """Every claim that counts today with the verdict that stood at the end of a day or second (ISO, UTC)."""
        from ytterby.store import database, reviews

        claims = self._claims() if claims is None else claims
        with database.open(self._folder) as db:
            stood = reviews.standing(db, day)
        tables = {claim.id: claim for claim in self._tables()} if stood else {}
        return [
            claim
            if claim.id not in stood
            else claim.model_copy(update=stood[claim.id])
            if stood[claim.id]["when"]
            # Before its first review a row of a table counted as the table has it, a claim that was read waited.
            else tables.get(claim.id, claim.model_copy(update=stood[claim.id]))
            for claim in claims
        ]

    def lineage(self, parameter: str | None = None) -> list[Line]:
        """Who said each figure first, and who repeats it."""
        from ytterby.evidence import lineage, naming

        claims = [
            claim
            for claim in self._claims()
            if parameter is None or _names(parameter, claim.parameter or naming.parameter_of(claim))
        ]
        return [line for line in lineage.trace(claims) if len(line.claims) > 1]

    def ledger(self, today: Date = None) -> list[Scored]:
        """Forecasts and targets, scored against what is now known where their day has come."""
        from ytterby.evidence import ledger

        return ledger.score(self._claims(), today or datetime.date.today())

    # within

    @contextmanager
    def _library(self) -> Iterator[Library]:
        from ytterby.evidence.library import Library
        from ytterby.store import database

        with database.open(self._folder) as db:
            yield Library(self._folder, db)

    def _index(self, library: Library) -> None:
        """Makes findable what is not yet: documents read since, then (once an opening) rules, facilities and tables."""
        from ytterby.evidence.search import due, put_document, replace
        from ytterby.project import findable
        from ytterby.rules import regimes

        waiting = due(library.db)
        for first in range(0, len(waiting), BATCH):
            with library.db.transaction():
                for name in waiting[first : first + BATCH]:
                    versions = [one.id for one in library.versions(name)]
                    newest = name == versions[-1]
                    older = versions[:-1] if newest else ()
                    claims = _restored(library, name)
                    put_document(library.db, library.document(name), claims, replaces=older, old=not newest)
        if not self._findable:
            tables = self._tables()
            replace(library.db, "rule", findable.rules(regimes.load(self.path / "regimes")))
            replace(library.db, "facility", findable.facilities())
            replace(library.db, "claim", findable.rows_of_tables(tables))
            self._findable = True

    def _model(self) -> Model | None:
        """The language model the project names in its ``ytterby.toml``; None where it names none."""
        from ytterby.evidence import gather
        from ytterby.evidence.model import model, settings

        chosen = settings(self.path)
        return None if chosen is None else model(chosen, gather.post)


def _restored(library: Library, document: str) -> list[Claim]:
    from ytterby.store import claims

    return list(sound(claims.all(library.db, document=document, superseded=False)))


def _whole_id(db: Database, claim: str) -> str:
    found = db.rows("SELECT id FROM claims WHERE substr(id, 1, ?) = ? LIMIT 2", (len(claim), claim))
    if len(found) == 1 and claim:
        return str(found[0]["id"])
    if found and claim:
        some = ", ".join(row["id"][: len(claim) + 6] for row in found)
        cause = f"several claims begin with '{shown(claim)}'"
        raise BadValue(cause, place=f"{some}, ...", remedy="give more of the id")
    near = [row["id"] for row in db.rows("SELECT id FROM claims LIMIT 2000")] if len(claim) > 4 else ()
    raise UnknownName(claim, near, "claim", str(db.path), "'ytterby claims' lists them with their ids")


def _reviewable(claims: Sequence[str], named: Mapping[str, str], reviewer: str) -> None:
    """Refuses a review by nobody, of nothing, or of claims and of what claims have in common at once."""
    if not reviewer.strip():
        raise BadValue("a review needs a reviewer", place="review", remedy="say who decided")
    if not claims and not named:
        remedy = "name claims by id, or a document, kind or parameter"
        raise BadValue("a review of many claims names none", place="review", remedy=remedy)
    if claims and named:
        remedy = "name the claims, or what they have in common"
        raise BadValue(f"claims are named, and a {next(iter(named))} too", place="review", remedy=remedy)


def _fitting(
    library: Library, claims: Iterable[Claim], document: str = "", kind: str = "", parameter: str = ""
) -> list[Claim]:
    """The claims of a document, kind and parameter, whichever are given; a name that no claim has is refused."""
    from ytterby.evidence.claims import KINDS

    if kind and kind not in KINDS:
        raise UnknownName(kind, KINDS, "kind of claim")
    every = list(claims)
    names = {claim.parameter for claim in every if claim.parameter}
    if parameter and not any(_names(parameter, name) for name in names):
        raise UnknownName(parameter, names, "parameter", remedy="'ytterby weigh' lists them")
    table = document.startswith(("baseline:", "overlay"))
    of = document if table or not document else library.document(document).id
    return [
        claim
        for claim in every
        if (not of or claim.document == of)
        and (not kind or claim.kind == kind)
        and (not parameter or _names(parameter, claim.parameter))
    ]


def _awaits(claim: Claim, status: str) -> bool:
    """Whether a verdict on many at once is meant for a claim: one that waits or, to reopen, one decided on."""
    return bool(claim.reviewer) and claim.status != "pending" if status == "pending" else claim.status == "pending"


def _names(asked: str, name: str) -> bool:
    if asked.endswith(("*", ":")):
        return name.startswith(asked.rstrip("*"))
    return name == asked
