"""Home to the machine interface over HTTP: the verbs of `docs/machine-interface.md`, the same answers, one address
each.
"""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Body, File, Query, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from ytterby.desk import rows
from ytterby.terms.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from ytterby.desk.counter import Counter

Day = Annotated[datetime.date | None, Query(description="A day, ISO 8601.")]
Tongue = Literal["zh", "en"]


class Sources(BaseModel):
    """Addresses to read."""

    model_config = ConfigDict(extra="forbid")
    sources: list[str] = Field(description="http and https addresses", max_length=100)


class Question(BaseModel):
    """A transfer to judge."""

    model_config = ConfigDict(extra="forbid")
    facts: dict[str, Any] = Field(description="the facts of one transfer, as in a facts file")
    on: datetime.date | None = None
    known: datetime.date | None = None
    reading: str | None = None


class Order(BaseModel):
    """A run to start."""

    model_config = ConfigDict(extra="forbid")
    scenario: str
    draws: int = Field(1000, ge=1, le=1_000_000)
    seed: int = Field(0, ge=0)
    dtype: Literal["float64", "float32"] = "float64"
    step_days: float | None = Field(None, gt=0)
    known: datetime.date | None = None
    levers: list[str] = []


class Review(BaseModel):
    """A verdict on claims."""

    model_config = ConfigDict(extra="forbid")
    status: Literal["accepted", "rejected", "pending"]
    claims: list[str] = Field(min_length=1)
    reviewer: str = Field(min_length=1)
    reason: str = ""


def router(desk: Counter) -> APIRouter:
    """The endpoints for one desk."""
    made = APIRouter(prefix="/api")
    _evidence(made, desk)
    _law(made, desk)
    _runs(made, desk)
    return made


def _answer(value: Any, status: int = 200) -> Response:
    return Response(rows.as_json(value), status, media_type="application/json")


def _evidence(made: APIRouter, desk: Counter) -> None:
    project = desk.project

    @made.post("/read", summary="Read addresses")
    def read(asked: Sources) -> Response:
        strange = [one for one in asked.sources if not one.startswith(("http://", "https://"))]
        if strange:
            remedy = "send files to /api/read/files, or use `ytterby read` on the machine itself"
            raise BadValue(f"'{strange[0]:.80}' is no address", place="sources", remedy=remedy)
        return _answer({"documents": project.read(asked.sources)})

    @made.post("/read/files", summary="Read files that are sent along")
    def read_files(files: Annotated[list[UploadFile], File()]) -> Response:
        with tempfile.TemporaryDirectory(prefix="ytterby-") as folder:
            kept = [_kept(Path(folder), number, one) for number, one in enumerate(files)]
            return _answer({"documents": project.read(kept)})

    @made.get("/documents", summary="Documents that were read")
    def documents() -> Response:
        fields = ("id", "date", "lang", "publisher", "title", "version", "path")
        return _answer([{name: getattr(one, name) for name in fields} for one in project.documents()])

    @made.get("/claims", summary="Claims")
    def claims(
        kind: str | None = None,
        document: str | None = None,
        path: str | None = None,
        parameter: str | None = None,
        status: str | None = None,
        known: Day = None,
    ) -> Response:
        return _answer(project.claims(kind, parameter, document, known, status, path))

    @made.post("/claims/review", summary="Accept, reject or reopen claims")
    def review(asked: Review) -> Response:
        done = project.review(asked.status, asked.claims, reviewer=asked.reviewer, reason=asked.reason)
        return _answer({"status": asked.status, "claims": done})

    @made.get("/brief/{document}", summary="The brief of a document")
    def brief(
        document: str, lang: Tongue | None = None, points: Annotated[int | None, Query(ge=1, le=50)] = None
    ) -> Response:
        # An id, or an address that was read: a path would open files of this machine.
        return _answer(project.brief(project.document(document).id, lang, points))

    @made.get("/search", summary="Search documents, claims, rules and plants")
    def search(q: str, limit: Annotated[int, Query(ge=1, le=200)] = 20, type: str | None = None) -> Response:  # noqa: A002
        return _answer(project.search(q, limit, type=type))

    @made.get("/topics", summary="Saved questions")
    def topics() -> Response:
        return _answer(project.topics())

    @made.get("/topic/{name}", summary="The page of a topic")
    def topic(name: str, lang: Tongue | None = None) -> Response:
        return _answer(project.topic(name, lang))

    @made.get("/weigh", summary="What claims weigh together")
    def weigh(parameter: str | None = None, known: Day = None) -> Response:
        return _answer(list(project.ask(parameter, known).values()))


def _kept(folder: Path, number: int, sent: UploadFile) -> Path:
    """A file that was sent, under a name of ours with its own ending: what it is called is not a path."""
    called = (sent.filename or "").replace("\\", "/").rpartition("/")[2]
    plain = "".join(c if c.isalnum() or c in "-_. " else "-" for c in called).strip(". ")[-80:]
    path = folder / str(number) / (plain or "document.txt")
    path.parent.mkdir()
    path.write_bytes(sent.file.read())
    return path


def _law(made: APIRouter, desk: Counter) -> None:
    project = desk.project

    @made.post("/check", summary="The verdict on one transfer")
    def check(asked: Annotated[Question, Body()]) -> Response:
        found = [one.to_dict() for one in project.check(asked.facts, asked.on, asked.known, asked.reading)]
        return _answer(found[0] if asked.reading is not None else {"readings": found})

    @made.get("/instruments", summary="The instruments of law")
    def instruments() -> Response:
        return _answer([{"id": one.id, "title": one.title, "title_zh": one.title_zh} for one in project.instruments()])

    @made.get("/instrument/{name}", summary="One instrument with its clauses")
    def instrument(name: str, on: Day = None, reading: str | None = None) -> Response:
        return _answer(project.instrument(name, on, reading))


def _runs(made: APIRouter, desk: Counter) -> None:
    project, jobs = desk.project, desk.jobs

    @made.get("/world", summary="The world as known on a day")
    def world(known: Day = None) -> Response:
        network = project.world(known)
        return _answer({"known": network.known, **network.sizes()})

    @made.get("/world/check", summary="Mine to magnet by element, proved to balance")
    def check_world(known: Day = None) -> Response:
        return _answer({"sound": True, "balance": project.check_world(known)})

    @made.get("/indices", summary="Risk indices by element, stage and country")
    def indices(
        element: Annotated[list[str] | None, Query()] = None,
        stage: Annotated[list[str] | None, Query()] = None,
        country: Annotated[list[str] | None, Query()] = None,
        known: Day = None,
        draws: Annotated[int, Query(ge=1, le=2000)] = 200,
        seed: Annotated[int, Query(ge=0)] = 0,
    ) -> Response:
        return _answer(project.indices(element, stage, country, known, draws, seed))

    @made.get("/scenarios", summary="Scenarios")
    def scenarios() -> Response:
        return _answer(
            [
                {"id": one.id, "title": one.title.en, "start": one.start, "end": one.end, "question": one.question}
                for one in project.scenarios()
            ]
        )

    @made.post("/run", status_code=202, summary="Start a run")
    def run(asked: Order) -> Response:
        if not asked.scenario.replace("-", "").replace("_", "").isalnum():
            # A path would read files of this machine.
            raise UnknownName(asked.scenario, [one.id for one in project.scenarios()], "scenario")
        project.scenario(asked.scenario).with_levers(asked.levers)
        job = jobs.start("run", asked.model_dump(exclude_none=True))
        return _answer({"job": job.id, "state": job.state}, 202)

    @made.get("/jobs", summary="Long work, waiting, under way and ended")
    def listed() -> Response:
        return _answer(jobs.all())

    @made.get("/jobs/{job}", summary="How far a job is")
    def job(job: str) -> Response:
        return _answer(jobs.get(job))

    @made.delete("/jobs/{job}", summary="Cancel a job")
    def cancel(job: str) -> Response:
        return _answer(jobs.cancel(job))

    @made.get("/runs", summary="Runs that were kept")
    def runs() -> Response:
        return _answer(project.runs())

    @made.get("/show/{run}/{metric}", summary="One metric of a run")
    def show(run: str, metric: str, against: str | None = None) -> Response:
        return _answer(project.show(run, metric, against))
