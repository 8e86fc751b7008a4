"""Home to a pass: everything one workflow has to do now, step by step, each step kept as it is done.

    reference run → read → topic → brief → claims → standing → run → compare → alert → deliver

A document with its brief and the reviews of its claims is one transaction; a run with its alert is another. Whoever is
killed in between finds the finished steps kept and does the rest. A step that fails is told, and the next pass tries it
again; the others proceed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ytterby.evidence import naming, topics, weigh
from ytterby.evidence.claims import Claim
from ytterby.store import claims as kept_claims
from ytterby.store import database, folder, reviews, watches
from ytterby.store.records import now
from ytterby.terms.errors import YtterbyError
from ytterby.watch import alerts, delivery, outcomes, policy, standing
from ytterby.watch.workflows import Rerun, Workflow

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.run.ensemble import Progress
    from ytterby.run.fits import Fitted
    from ytterby.run.record import Run
    from ytterby.store.database import Database

Tell = Callable[[str], None]


@dataclass
class Pass:
    """What one pass of a workflow did."""

    workflow: str
    read: int = 0
    refused: int = 0
    answered: list[str] = field(default_factory=list)
    """Documents that answer the topic, read or first seen now."""
    accepted: list[str] = field(default_factory=list)
    proposed: int = 0
    runs: dict[str, str] = field(default_factory=dict)
    """Scenario → run made in this pass."""
    alerts: list[str] = field(default_factory=list)
    delivered: int = 0
    waiting: int = 0
    """Deliveries that have to be tried again."""
    failures: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values by field name."""
        return dict(vars(self))


class Watching:
    """One workflow on one project."""

    def __init__(self, project: Project, workflow: Workflow, tell: Tell, progress: Progress | None = None) -> None:
        self.project = project
        self.workflow = workflow
        self.tell = tell
        self.progress = progress
        self._folder = folder.find(project.path)

    def once(self, *, look: bool = True) -> Pass:
        """Does what is to be done now; without `look` the sources are left alone and only what is open is finished."""
        done = Pass(self.workflow.id)
        for asked in self.workflow.scenarios:
            with self._told(done, f"reference run of {asked.name}"):
                self._reference(asked, done)
        if look:
            with self._told(done, "reading"):
                self._look(done)
        for asked in self.workflow.scenarios:
            with self._told(done, f"scenario {asked.name}"):
                self._again(asked, done)
        with self._told(done, "delivery"):
            self._deliver(done)
        return done

    @contextmanager
    def _told(self, done: Pass, what: str) -> Iterator[None]:
        """A step whose failure is told and stops nothing else."""
        try:
            yield
        except YtterbyError as error:
            line = f"{self.workflow.id}: {what}: {' '.join(str(error).split())}"
            done.failures.append(line)
            self.tell(line)

    @contextmanager
    def _db(self) -> Iterator[Database]:
        with database.open(self._folder) as db:
            yield db

    # documents

    def _look(self, done: Pass) -> None:
        with self._db() as db:
            seen = set(watches.keys(db, self.workflow.id, "document"))
        for reading in self.project.reading(self.workflow.sources, allow_private=self.workflow.allow_private):
            if reading.status == "refused":
                done.refused += 1
                self.tell(f"{self.workflow.id}: refused {reading.path}: {' '.join(reading.error.split())}")
            elif reading.id and reading.id not in seen:
                seen.add(reading.id)
                done.read += 1
                with self._told(done, f"document {reading.path}"):
                    self._document(reading.id, done)

    def _document(self, name: str, done: Pass) -> None:
        """Filters, briefs and reviews one document; all that is kept of it is kept at once."""
        document = self.project.document(name)
        match = self._topic().match(document) if self._filtered else None
        told: dict[str, Any] = {
            "id": document.id,
            "title": document.title,
            "publisher": document.publisher,
            "date": document.date,
            "path": document.path,
            "answers": match is not None or not self._filtered,
        }
        chosen: list[Claim] = []
        if told["answers"]:
            wishes = self.workflow.brief
            told["brief"] = self.project.brief(document.id, wishes.lang, wishes.points).to_dict()
            found = self.project.claims(document=document.id)
            chosen = policy.accepted(found, self.workflow.claims)
            told["claims"] = len(found)
            told["accepted"] = [claim.id for claim in chosen]
        with self._db() as db, db.transaction():
            # Two hands may reach for one claim: who comes second leaves the first verdict as it stands.
            waiting = {row["id"] for row in db.rows("SELECT id FROM claims WHERE status = 'pending'")} if chosen else ()
            chosen = [claim for claim in chosen if claim.id in waiting]
            for claim in chosen:
                why = policy.reason(claim, self.workflow.claims)
                reviews.add(db, claim.id, "accepted", reviewer=f"watch: {self.workflow.id}", reason=why)
            watches.enter(db, self.workflow.id, "document", document.id, told)
            if told["answers"] and self.workflow.briefs:
                self._keep_alert(db, done, documents=[told], runs={}, changes=[], moved=[], fresh=[])
        if told["answers"]:
            done.answered.append(document.id)
            done.accepted += [claim.id for claim in chosen]
            done.proposed += told["claims"] - len(chosen)
            what = f"{len(chosen)} claims accepted, {told['claims'] - len(chosen)} proposed"
            self.tell(f"{self.workflow.id}: “{document.title or document.path}” answers the topic: {what}")

    @property
    def _filtered(self) -> bool:
        return bool(self.workflow.topic or self.workflow.terms)

    def _topic(self) -> topics.Topic:
        if self.workflow.topic:
            return topics.load(self.workflow.topic, self.project.path)
        title = topics.Title(zh=self.workflow.title, en=self.workflow.title)
        return topics.Topic(id=self.workflow.id, title=title, any=self.workflow.terms)

    # runs

    def _entries(self, asked: Rerun) -> list[dict[str, Any]]:
        """The runs kept of a scenario under these very settings, oldest first."""
        with self._db() as db:
            found = watches.all(db, self.workflow.id, "run")
        return [one for one in found if one["record"]["settings"] == standing.settings(asked)]

    def _reference(self, asked: Rerun, done: Pass) -> None:
        """Makes sure that there is a run to compare with, made by this very program."""
        entries = self._entries(asked)
        base = _anchor(entries)
        if base is not None and self._kept(base["record"]["run"]) is not None:
            return
        every = self.project.claims()
        if base is not None:
            every = self._as_then(base["record"]["read"], every)
            self.tell(f"{self.workflow.id}: the program changed since: {asked.name} is run anew to compare with")
        stands = standing.standing(self.project, asked, every)
        run, _ = self._run(asked, stands)
        with self._db() as db:
            self._keep_run(db, asked, run, stands, every, anchor=True)
        done.runs[asked.name] = run.id
        self.tell(f"{self.workflow.id}: reference run of {asked.name}: {run.id}")

    def _again(self, asked: Rerun, done: Pass) -> None:
        """Runs a scenario again where what it rests on moved, and alerts where an outcome did."""
        entries = self._entries(asked)
        base = _anchor(entries)
        if base is None:
            return  # the reference failed, and said so
        every = self.project.claims()
        last = entries[-1]["record"]
        read, tables = _read_ids(every), _tables(every)
        if (read, tables) == (last["read"], last["tables"]):
            return
        stands = standing.standing(self.project, asked, every)
        before = self._as_then(base["record"]["read"], every)
        for line in stands.left_out:
            self.tell(f"{self.workflow.id}: {asked.name}: {line}")
        if stands.mark == last["mark"]:
            with self._db() as db:
                kept = self.project.open_run(last["run"])
                self._keep_run(db, asked, kept, stands, every, anchor=False)
            self.tell(f"{self.workflow.id}: what was accepted moves nothing that {asked.name} reads; not run again")
            return
        run, fitted = self._run(asked, stands)
        done.runs[asked.name] = run.id
        earlier = self.project.open_run(base["record"]["run"])
        changes = self._changes(asked, earlier, run, done)
        past = [change for change in changes if change.exceeded]
        if earlier.info.get("code") != run.info.get("code"):
            self.tell(f"{self.workflow.id}: the program changed between runs {earlier.id} and {run.id}")
        fresh = _fresh(every, set(read) - set(base["record"]["read"]), stands, base["record"]["mark"])
        moved = weigh.moved(weigh.weigh(before), weigh.weigh(every))
        with self._db() as db, db.transaction():
            self._keep_run(db, asked, run, stands, every, anchor=bool(past))
            if past:
                self._keep_alert(
                    db,
                    done,
                    documents=self._documents(db, base["number"]),
                    runs={"scenario": asked.name, "before": earlier.id, "after": run.id},
                    changes=changes,
                    moved=moved,
                    fresh=fresh,
                    notes=_notes(stands, fitted, fresh, tables=tables != base["record"]["tables"]),
                )
        for change in changes:
            self.tell(f"{self.workflow.id}: {change.words}{'' if change.exceeded else ', within its threshold'}")

    def _changes(self, asked: Rerun, earlier: Run, run: Run, done: Pass) -> list[outcomes.Change]:
        made = []
        for outcome in self.workflow.outcomes:
            if outcome.scenario == asked.name:
                with self._told(done, f"outcome {outcome.label}"):
                    rows = [self.project.show(one.id, outcome.metric) for one in (earlier, run)]
                    made.append(outcomes.compare(outcome, rows[0], rows[1]))
        return made

    def _run(self, asked: Rerun, stands: standing.Standing) -> tuple[Run, Fitted | None]:
        fitted = standing.fit(self.project, stands, self.progress)
        return standing.forecast(self.project, stands, asked, fitted, self.progress), fitted

    def _kept(self, name: str) -> Run | None:
        """A run of this very program; None where it is gone or another one made it."""
        from ytterby.run import record

        try:
            found = self.project.open_run(name)
        except YtterbyError:
            return None
        return found if found.info.get("code") == record.code() else None

    def _as_then(self, read: Sequence[str], every: Sequence[Claim]) -> list[Claim]:
        """The tables as they are, with the claims that had been accepted from documents then."""
        wanted = set(read)
        tables = [claim for claim in every if not naming.is_read(claim)]
        with self._db() as db:
            found = [one for one in kept_claims.all(db) if one["id"] in wanted]
        return tables + [Claim.from_dict({**one, "status": "accepted"}) for one in found]

    def _keep_run(
        self,
        db: Database,
        asked: Rerun,
        run: Run,
        stands: standing.Standing,
        every: Sequence[Claim],
        *,
        anchor: bool,
    ) -> None:
        record = {
            "settings": standing.settings(asked),
            "scenario": asked.name,
            "run": run.id,
            "mark": stands.mark,
            "read": _read_ids(every),
            "tables": _tables(every),
            "anchor": anchor,
        }
        number = len(watches.keys(db, self.workflow.id, "run"))
        watches.enter(db, self.workflow.id, "run", f"{asked.name}:{number}", record)

    # alerts

    def _documents(self, db: Database, since: int) -> list[dict[str, Any]]:
        entries = watches.all(db, self.workflow.id, "document")
        return [one["record"] for one in entries if one["number"] > since and one["record"]["answers"]]

    def _keep_alert(self, db: Database, done: Pass, **parts: Any) -> None:
        told = alerts.alert(workflow=self.workflow.id, title=self.workflow.title, at=now(), **parts)
        if watches.enter(db, self.workflow.id, "alert", told["id"], told):
            done.alerts.append(told["id"])

    def _deliver(self, done: Pass) -> None:
        with self._db() as db:
            delivered = watches.keys(db, self.workflow.id, "delivered")
            names = watches.keys(db, self.workflow.id, "alert")
            open_ = {f"{name} {c.name}" for name in names for c in self.workflow.alerts} - delivered
            waiting = watches.all(db, self.workflow.id, "alert") if open_ else []
        for entry in waiting:
            for channel in self.workflow.alerts:
                key = f"{entry['key']} {channel.name}"
                if key not in open_:
                    continue
                try:
                    delivery.deliver(channel, entry["record"], self.project.path)
                except YtterbyError as error:
                    done.waiting += 1
                    why = " ".join(str(error).split())
                    self.tell(f"{self.workflow.id}: alert {entry['key']} waits: {channel.name}: {why}")
                    with self._db() as db:
                        watches.enter(db, self.workflow.id, "undelivered", key, {"why": why})
                else:
                    done.delivered += 1
                    with self._db() as db:
                        watches.enter(db, self.workflow.id, "delivered", key, {})


def _anchor(entries: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The run that outcomes are compared with: that of the last alert, else the reference. Small steps add up to it."""
    return next((one for one in reversed(entries) if one["record"]["anchor"]), None)


def _read_ids(claims: Sequence[Claim]) -> list[str]:
    return sorted(claim.id for claim in claims if claim.status == "accepted" and naming.is_read(claim))


def _tables(claims: Sequence[Claim]) -> str:
    return weigh.claim_set([claim for claim in claims if not naming.is_read(claim)])


def _fresh(every: Sequence[Claim], new: set[str], stands: standing.Standing, mark: str) -> list[Claim]:
    """The claims accepted since that can have moved a run: the licensing took them in or the world reads such."""
    tables = {claim.parameter for claim in every if not naming.is_read(claim)}
    world = not mark.startswith(f"{stands.world}|")
    used = stands.used
    return [claim for claim in every if claim.id in new and (claim.id in used or (world and claim.parameter in tables))]


def _notes(stands: standing.Standing, fitted: Fitted | None, fresh: Sequence[Claim], *, tables: bool) -> list[str]:
    """What a reader must know beside the figures."""
    said = list(stands.left_out)
    new = {claim.id for claim in fresh}
    for one in fitted.about.get("carried_on", ()) if fitted else ():
        if one["claim"] in new:
            was, now_ = one["before"], one["after"]
            said.append(
                f"{one['name']} = {one['value']:.3g} by {one['last']}: the model had {was['median']:.3g} "
                f"[{was['p05']:.3g} to {was['p95']:.3g}], with it {now_['median']:.3g} "
                f"[{now_['p05']:.3g} to {now_['p95']:.3g}]"
            )
    if any(claim.assumed for claim in fresh):
        said.append("Some of these claims are of grade C: they count as assumed.")
    if tables:
        said.append("The tables or the project's overlay changed too, so not all of it is the doing of these claims.")
    return said
