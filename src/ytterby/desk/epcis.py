"""Home to the EPCIS 2.0 interface: capture and query over HTTP, as the standard's REST binding has it.

Source: GS1 EPCIS 2.0 (ISO/IEC 19987:2024), section 12. What is not offered: subscriptions, since the desk calls
nobody; orders other than by event and record time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import quote, urlencode

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match

import ytterby
from ytterby.custody import epcis
from ytterby.custody.epcis.canonical import moment
from ytterby.custody.epcis.vocabulary import CONTEXT, YTT, bare
from ytterby.custody.ledger.rows import key
from ytterby.custody.query import NotOffered, TooLarge, asked
from ytterby.custody.query.question import LARGEST_PAGE, PAGE, TYPES
from ytterby.desk import epcisdoc
from ytterby.desk.captures import Behaviour, Captures
from ytterby.desk.views import Taken, Views, parameters
from ytterby.terms.errors import BadValue, InputError, StoreError, UnknownName, YtterbyError

if TYPE_CHECKING:
    from ytterby.custody.book import Book
    from ytterby.custody.ledger import Kept
    from ytterby.desk.counter import Counter

Form: TypeAlias = Literal["json", "xml"]

PREFIX = "/epcis"
JSON, XML, PROBLEM = "application/json", "application/xml", "application/problem+json"
TAKEN = frozenset({JSON, "application/ld+json", XML, "text/xml", "text/csv", "application/x-ndjson"})
RESOURCES = (
    "capture", "events", "eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions", "queries",
)  # fmt: skip
COLUMNS = {
    "bizSteps": ("bizStep", "step", "EQ_bizStep"),
    "bizLocations": ("bizLocation", "location", "EQ_bizLocation"),
    "readPoints": ("readPoint", "read_point", "EQ_readPoint"),
    "dispositions": ("disposition", "disposition", "EQ_disposition"),
}
"""Resource -> (what one is called, column of the index, parameter that asks for it)."""
VERSION = "2.0.0"
HEADERS = {
    "GS1-EPCIS-Version": VERSION,
    "GS1-CBV-Version": VERSION,
    "GS1-Extensions": f"ytt={YTT}",
}
DISCOVERED = {
    **HEADERS,
    "GS1-EPCIS-Min": VERSION, "GS1-EPCIS-Max": VERSION, "GS1-CBV-Min": VERSION, "GS1-CBV-Max": VERSION,
    "GS1-EPC-Format": "No_Preference", "GS1-CBV-XML-Format": "No_Preference",
    "GS1-Vendor-Version": ytterby.__version__,
}  # fmt: skip
MOST_EVENTS = 1_000_000
"""Events one call of capture may bring, as the standard wants it told; the bytes of a request end sooner."""
NO_SUBSCRIPTIONS = (
    "subscriptions are not offered: the desk calls no other machine and holds no connection open; ask for "
    "GE_recordTime instead, or let `ytterby watch` tell what is new"
)
_OWN = frozenset({"perPage", "nextPageToken"})
_SCHEDULE = frozenset({
    "second", "minute", "hour", "dayOfMonth", "month", "dayOfWeek", "stream", "initialRecordTime", "reportIfEmpty",
})  # fmt: skip
"""What a subscription is asked for by."""
_VERSION = re.compile(r"([0-9]{1,3})(\.[0-9]{1,3}){0,2}")


class _Problem(Exception):
    """An answer that is a refusal."""

    def __init__(self, exception: str, status: int, detail: str) -> None:
        super().__init__(detail)
        self.exception, self.status, self.detail = exception, status, detail


def problem(exception: str, status: int, detail: str) -> dict[str, Any]:
    """A refusal as RFC 9457 and the standard have it."""
    title = re.sub(r"(?<!^)(?=[A-Z])", " ", exception).capitalize()
    return {"type": f"epcisException:{exception}", "title": title, "status": status, "detail": detail}


def refusal(exception: str, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal as a response."""
    return Response(
        orjson.dumps(problem(exception, status, detail)), status, {**HEADERS, **(headers or {})}, media_type=PROBLEM
    )


_NAMED = {
    400: "ValidationException", 401: "SecurityException", 403: "SecurityException", 404: "NoSuchResourceException",
    405: "ImplementationException", 406: "NotAcceptableException", 413: "CaptureLimitExceededException",
    414: "URITooLongException", 415: "UnsupportedMediaTypeException",
}  # fmt: skip


def told(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal of the desk itself (guard, routing, a fault) in the standard's words."""
    return refusal(_NAMED.get(status, "ImplementationException"), status, detail, headers)


def router(desk: Counter) -> tuple[APIRouter, Captures]:
    """The endpoints for one desk, and their capture jobs."""
    made = APIRouter(prefix=PREFIX, tags=["EPCIS 2.0"])
    jobs = Captures(desk.project, problem)
    wiring = _Wiring(made, desk, jobs)
    wiring.wire()
    wiring.rest()
    return made, jobs


class _Wiring:
    """Says which address is answered by what."""

    def __init__(self, made: APIRouter, desk: Counter, jobs: Captures) -> None:
        self.made, self.desk, self.jobs = made, desk, jobs
        self.answers = Answers(desk, jobs)

    def wire(self) -> None:
        """Every address; the longer before the shorter that would swallow it."""
        a = self.answers
        self._get("/", a.top, "What this repository offers", epcisdoc.COLLECTION)
        self._post("/capture", a.capture, "Capture a document; the answer names the job", epcisdoc.CAPTURE)
        self._get("/capture", a.jobs_listed, "Capture jobs, newest first", epcisdoc.JOBS, paged=True)
        self._get("/capture/{captureID}", a.job, "How far a capture job is", epcisdoc.JOB)
        self._post("/events", a.add, "Capture one event", epcisdoc.EVENT)
        self._get("/events", a.events, "Events", epcisdoc.EVENTS, asked=True, paged=True)
        self._get("/events/{eventID:path}", a.event, "One event", epcisdoc.EVENTS)
        self._get("/eventTypes", a.types, "Types of events", epcisdoc.COLLECTION)
        self._get("/eventTypes/{eventType}/events", a.of_type, "Events of a type", epcisdoc.EVENTS, True, True)
        self._get("/eventTypes/{eventType}", a.type, "What there is of a type", epcisdoc.COLLECTION)
        self._get("/epcs", a.epcs, "Lots and things that events name", epcisdoc.COLLECTION, paged=True)
        self._get("/epcs/{epc:path}/events", a.of_epc, "Events that name a lot or thing", epcisdoc.EVENTS, True, True)
        self._get("/epcs/{epc:path}", a.epc, "What there is of a lot or thing", epcisdoc.COLLECTION)
        for resource, (one, _, _) in COLUMNS.items():
            path = f"/{resource}/{{{one}:path}}"
            self._get(
                f"/{resource}", a.words(resource), f"Every {one} that events name", epcisdoc.COLLECTION, False, True
            )
            self._get(f"{path}/events", a.of_word(resource), f"Events of a {one}", epcisdoc.EVENTS, True, True)
            self._get(path, a.word(resource), f"What there is of a {one}", epcisdoc.COLLECTION)
        self._queries()

    def _queries(self) -> None:
        """Named queries, and what hangs on them."""
        a, one = self.answers, "/queries/{queryName}"
        self._post("/queries", a.query_named, "Keep a query under a name", epcisdoc.QUERY_MADE)
        self._get("/queries", a.queries, "Named queries", epcisdoc.QUERIES, paged=True)
        self._get(f"{one}/events", a.of_query, "Events that answer a named query", epcisdoc.EVENTS, paged=True)
        self._absent(f"{one}/subscriptions", a.unsubscribed)
        self._absent(f"{one}/subscriptions/{{subscriptionID}}", a.unsubscribed)
        self._get(one, a.query, "A named query", epcisdoc.QUERY)
        self._delete(one, a.query_dropped, "Forget a named query", epcisdoc.DROPPED)

    def rest(self) -> None:
        """What nothing else answers: a method that is not offered where others are, or an address there is not."""

        async def nothing(request: Request) -> Response:
            known: set[str] = set()
            for route in self.made.routes[:-1]:
                if isinstance(route, APIRoute) and route.matches(request.scope)[0] is not Match.NONE:
                    known |= route.methods or set()
            if known:
                allow = {"Allow": ", ".join(sorted(known))}
                return told(405, f"{request.method} is not offered here", allow)
            return told(404, "there is no such resource")

        methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
        self.made.add_api_route("/{rest:path}", nothing, methods=methods, include_in_schema=False)

    def _get(
        self, path: str, answer: Callable[[Request], Response], summary: str, answers: Mapping[Any, Any],
        asked: bool = False, paged: bool = False,  # noqa: FBT001
    ) -> None:  # fmt: skip
        extra = {"parameters": epcisdoc.parameters(path, asked=asked, paged=paged)}

        async def get(request: Request) -> Response:
            return await run_in_threadpool(_answered, answer, request)

        self._route(path, get, "GET", summary, epcisdoc.responses(answers), extra)
        if not any(route.path == PREFIX + path and "OPTIONS" in route.methods for route in self.made.routes):  # type: ignore[attr-defined]
            self._options(path)

    def _post(
        self, path: str, answer: Callable[[Request, bytes], Response], summary: str, answers: Mapping[Any, Any]
    ) -> None:
        async def post(request: Request) -> Response:
            content = await request.body()
            return await run_in_threadpool(_answered, answer, request, content)

        extra = {"requestBody": epcisdoc.body(path), "parameters": epcisdoc.parameters(path, posted=True)}
        self._route(path, post, "POST", summary, epcisdoc.responses(answers), extra)

    def _absent(self, path: str, answer: Callable[[Request], Response]) -> None:
        """What the standard has and this does not: it stands in no description, and says why it is not there."""

        async def absent(request: Request) -> Response:
            return await run_in_threadpool(_answered, answer, request)

        self.made.add_api_route(path, absent, methods=["GET", "POST", "DELETE"], include_in_schema=False)

    def _delete(
        self, path: str, answer: Callable[[Request], Response], summary: str, answers: Mapping[Any, Any]
    ) -> None:
        async def delete(request: Request) -> Response:
            return await run_in_threadpool(_answered, answer, request)

        extra = {"parameters": epcisdoc.parameters(path)}
        self._route(path, delete, "DELETE", summary, epcisdoc.responses(answers), extra)

    def _options(self, path: str) -> None:
        more = {"/queries/{queryName}": ", DELETE"}
        more |= dict.fromkeys(("/capture", "/events", "/queries"), ", POST")
        headers = {**DISCOVERED, "Allow": f"OPTIONS, GET{more.get(path, '')}"}
        if path in ("/capture", "/events"):
            headers |= {
                "GS1-EPCIS-Capture-Limit": str(MOST_EVENTS),
                "GS1-EPCIS-Capture-File-Size-Limit": str(epcisdoc.LARGEST),
                "GS1-Capture-Error-Behaviour": "all",
            }

        async def options() -> Response:
            return Response(status_code=204, headers=headers)

        extra = {"parameters": epcisdoc.named(path)}
        self._route(path, options, "OPTIONS", "What is understood here", epcisdoc.DISCOVERY, extra)

    def _route(
        self, path: str, call: Callable[..., Any], method: str, summary: str, responses: Any, extra: dict[str, Any]
    ) -> None:
        name = f"{method.lower()}-{re.sub('[^A-Za-z]+', '-', path).strip('-') or 'top'}"
        self.made.add_api_route(
            path, call, methods=[method], summary=summary, responses=responses, openapi_extra=extra,
            operation_id=name, response_class=Response, status_code=None,
        )  # fmt: skip


def _answered(answer: Callable[..., Response], request: Request, *more: Any) -> Response:
    try:
        _agreed(request)
        return answer(request, *more)
    except _Problem as one:
        return refusal(one.exception, one.status, one.detail)
    except TooLarge as error:
        return refusal("QueryTooLargeException", 413, str(error))
    except NotOffered as error:
        return refusal("QueryParameterException", 400, str(error))
    except UnknownName as error:
        if error.what == "query parameter":
            return refusal("QueryParameterException", 400, str(error))
        return refusal("NoSuchResourceException", 404, str(error))
    except InputError as error:
        return refusal("QueryParameterException", 400, str(error))
    except YtterbyError as error:
        return refusal("ImplementationException", 503 if isinstance(error, StoreError) else 500, str(error))


def _agreed(request: Request) -> None:
    """The versions a client can do with; this is the one that is offered."""
    for name, wrong in (("gs1-epcis-min", 1), ("gs1-epcis-max", -1), ("gs1-cbv-min", 1), ("gs1-cbv-max", -1)):
        asked_for = request.headers.get(name)
        if asked_for is None:
            continue
        found = _VERSION.fullmatch(asked_for.strip())
        order = 0 if found is None else (int(found[1]) > 2) - (int(found[1]) < 2)
        if found is None or order == wrong:
            raise _Problem("NotAcceptableException", 406, f"{name} {asked_for[:40]}: version {VERSION} is spoken here")


def _form(request: Request) -> Form:
    """JSON or XML, as the client accepts."""
    accepted = request.headers.get("accept", "*/*")
    kinds = [one.partition(";")[0].strip().lower() for one in accepted.split(",")]
    for kind in kinds:
        if kind in ("", "*/*", "application/*", JSON, "application/ld+json"):
            return "json"
        if kind in (XML, "text/xml"):
            return "xml"
    raise _Problem("NotAcceptableException", 406, f"'{accepted[:80]}': JSON and XML are offered")


def _plain(request: Request) -> None:
    if _form(request) != "json":
        raise _Problem("NotAcceptableException", 406, "JSON is offered here")


class Answers:
    """What each address answers."""

    def __init__(self, desk: Counter, jobs: Captures) -> None:
        self.project, self.jobs, self.views = desk.project, jobs, Views(desk.project)

    # discovery

    def top(self, request: Request) -> Response:
        """The resources there are."""
        return self._collection(request, RESOURCES)

    def types(self, request: Request) -> Response:
        """The types of events."""
        return self._collection(request, TYPES)

    def type(self, request: Request) -> Response:
        """What there is of a type."""
        self._type(request)
        return self._collection(request, ("events",))

    def words(self, resource: str) -> Callable[[Request], Response]:
        """Every business step, disposition or place that events name."""

        def answer(request: Request) -> Response:
            with self.project.recorded() as ledger:
                found = ledger.index.words(COLUMNS[resource][1]) if len(ledger) else []
            page, after = self._page(request)
            return self._collection(
                request, found[after : after + page], after + page if len(found) > after + page else 0
            )

        return answer

    def word(self, resource: str) -> Callable[[Request], Response]:
        """What there is of one of them."""

        def answer(request: Request) -> Response:
            one, column, _ = COLUMNS[resource]
            name = request.path_params[one]
            with self.project.recorded() as ledger:
                spelled = {name, epcis.address(name), bare(name)}
                if not len(ledger) or not spelled & set(ledger.index.words(column)):
                    raise UnknownName(name, (), one, remedy=f"GET {PREFIX}/{resource} lists them")
            return self._collection(request, ("events",))

        return answer

    def epcs(self, request: Request) -> Response:
        """Lots and things that events name."""
        page, after = self._page(request)
        book = self._book()
        try:
            found = [book.lot_name(code) for code in range(after, min(after + page, book.lots))]
            more = after + page if book.lots > after + page else 0
        finally:
            book.close()
        return self._collection(request, found, more)

    def epc(self, request: Request) -> Response:
        """What there is of a lot or thing."""
        name = request.path_params["epc"]
        with self.project.recorded() as ledger:
            known = len(ledger) and len(ledger.index.holding([key(epcis.address(name))], range(5)))
        if not known:
            raise UnknownName(name, (), "lot or thing", remedy=f"GET {PREFIX}/epcs lists them")
        return self._collection(request, ("events",))

    def _book(self) -> Book:
        from ytterby.custody.book import Book
        from ytterby.custody.capture import BOOK

        return Book.open(self.project.custody / BOOK)

    # capture

    def capture(self, request: Request, content: bytes) -> Response:
        """Takes a document in."""
        behaviour = request.headers.get("gs1-capture-error-behaviour", "rollback").strip()
        if behaviour not in ("rollback", "proceed"):
            raise _Problem("ValidationException", 400, "GS1-Capture-Error-Behaviour is rollback or proceed")
        self._taken(request, content)
        chosen: Behaviour = "proceed" if behaviour == "proceed" else "rollback"
        job = self.jobs.start(content, chosen, f"{PREFIX}/capture")
        return Response(None, 202, {**HEADERS, "Location": f"{PREFIX}/capture/{job['captureID']}"})

    def add(self, request: Request, content: bytes) -> Response:
        """Captures one event."""
        kind = self._taken(request, content)
        if kind not in (JSON, "application/ld+json"):
            raise _Problem("UnsupportedMediaTypeException", 415, "one event is sent as JSON")
        raw = orjson.loads(content)
        if raw.get("type") not in TYPES:
            raise _Problem("ValidationException", 400, f"'type' is not one of {', '.join(TYPES)}: send one event")
        found = next(epcis.read(content, f"{PREFIX}/events"), None)
        done = self.project.capture([content], whole=True, workers=0, wheres=[f"{PREFIX}/events"])
        if done.refused or not isinstance(found, epcis.Understood):
            one = done.refused[0]
            there = "is in the ledger with other content" in one.reason
            name = "ResourceAlreadyExistsException" if there else "ValidationException"
            raise _Problem(name, 409 if there else 400, f"{one.path}: {one.reason}")
        kept = self.project.event(found.event.id)
        headers = {**HEADERS, "Location": f"{PREFIX}/events/{quote(kept.id, safe=':')}"}
        return Response(orjson.dumps(epcis.emit.bare(_told(kept))), 201, headers, media_type=JSON)

    def jobs_listed(self, request: Request) -> Response:
        """Capture jobs, newest first."""
        _plain(request)
        page, after = self._page(request)
        names = self.jobs.names()
        found = [self.jobs.get(name) for name in names[after : after + page]]
        more = after + page if len(names) > after + page else 0
        return Response(orjson.dumps(found), 200, self._headers(request, more), media_type=JSON)

    def job(self, request: Request) -> Response:
        """How far a job is."""
        _plain(request)
        return Response(orjson.dumps(self.jobs.get(request.path_params["captureID"])), 200, HEADERS, media_type=JSON)

    def _taken(self, request: Request, content: bytes) -> str:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in TAKEN:
            raise _Problem("UnsupportedMediaTypeException", 415, f"'{kind[:80]}' is none of {', '.join(sorted(TAKEN))}")
        if kind in (JSON, "application/ld+json"):
            try:
                well = isinstance(orjson.loads(content), dict)
            except orjson.JSONDecodeError as error:
                raise _Problem("ValidationException", 400, f"this is no JSON: {error}") from None
            if not well:
                raise _Problem("ValidationException", 400, "a document or an event is a JSON object")
        elif not content.strip():
            raise _Problem("ValidationException", 400, "nothing was sent")
        return kind

    # query

    def events(self, request: Request) -> Response:
        """Events that answer the query parameters."""
        return self._events(request, {})

    def event(self, request: Request) -> Response:
        """One event."""
        kept = self.project.event(request.path_params["eventID"])
        return self._document(request, [kept], HEADERS)

    def of_type(self, request: Request) -> Response:
        """Events of a type."""
        return self._events(request, {"eventType": [self._type(request)]})

    def of_epc(self, request: Request) -> Response:
        """Events that name a lot or thing, in whatever role."""
        return self._events(request, {}, lot=str(request.path_params["epc"]))

    def of_word(self, resource: str) -> Callable[[Request], Response]:
        """Events of a business step, disposition or place."""
        one, _, parameter = COLUMNS[resource]
        return lambda request: self._events(request, {parameter: [request.path_params[one]]})

    # named queries

    def query_named(self, request: Request, content: bytes) -> Response:
        """Keeps a query."""
        if self._taken(request, content) not in (JSON, "application/ld+json"):
            raise _Problem("UnsupportedMediaTypeException", 415, "a query is sent as JSON")
        try:
            made = self.views.add(orjson.loads(content))
        except Taken as error:
            raise _Problem("ResourceAlreadyExistsException", 409, str(error)) from None
        where = f"{PREFIX}/queries/{quote(made['name'], safe='')}"
        return Response(None, 201, {**HEADERS, "Location": where})

    def queries(self, request: Request) -> Response:
        """All named queries."""
        _plain(request)
        page, after = self._page(request)
        found = self.views.listed()
        more = after + page if len(found) > after + page else 0
        shown = orjson.dumps(found[after : after + page])
        return Response(shown, 200, self._headers(request, more), media_type=JSON)

    def query(self, request: Request) -> Response:
        """A named query."""
        _plain(request)
        return Response(orjson.dumps(self._query(request)), 200, HEADERS, media_type=JSON)

    def query_dropped(self, request: Request) -> Response:
        """Forgets a named query."""
        self.views.drop(request.path_params["queryName"])
        return Response(None, 204, HEADERS)

    def of_query(self, request: Request) -> Response:
        """Events that answer a named query."""
        found = self._query(request)
        strange = [name for name in request.query_params if name not in _OWN and name != "token"]
        if any(name in _SCHEDULE for name in strange) or any(f"gs1-query-{n}" in request.headers for n in _SCHEDULE):
            raise _Problem("ImplementationException", 501, NO_SUBSCRIPTIONS)
        if strange:
            wrong = f"'{strange[0][:80]}' is no parameter of a named query"
            raise BadValue(wrong, place=strange[0][:80], remedy=f"ask {PREFIX}/events, or name another query")
        return self._events(request, parameters(found["query"]))

    def unsubscribed(self, request: Request, content: bytes = b"") -> Response:
        """Says why there are no subscriptions."""
        self._query(request)
        raise _Problem("ImplementationException", 501, NO_SUBSCRIPTIONS)

    def _query(self, request: Request) -> dict[str, Any]:
        return self.views.get(str(request.path_params["queryName"]))

    def _type(self, request: Request) -> str:
        name = str(request.path_params["eventType"])
        if name not in TYPES:
            raise UnknownName(name, TYPES, "type of event")
        return name

    def _events(self, request: Request, given: Mapping[str, Sequence[str]], lot: str = "") -> Response:
        wanted: dict[str, list[str]] = {name: list(values) for name, values in given.items()}
        for name, value in request.query_params.multi_items():
            if name in given:
                raise BadValue(f"{name} is told by the address already", place=name, remedy="leave it out")
            if name not in _OWN and name != "token":
                wanted.setdefault(name, []).append(value)
        _form(request)
        page = self._number(request)
        token = request.query_params.get("nextPageToken", "")
        known = self.project.registry() if any("ATTR_" in name for name in wanted) else None
        with self.project.recorded() as ledger:
            found = asked(ledger, wanted, page=page, token=token, lot=lot, known=known)
        headers = dict(HEADERS)
        if found.next:
            headers["Link"] = self._link(request, found.next)
        return self._document(request, found.events, headers)

    def _document(self, request: Request, events: Sequence[Kept], headers: Mapping[str, str]) -> Response:
        form = _form(request)
        content = epcis.document((_told(one) for one in events), form, query="SimpleEventQuery")
        return Response(content, 200, headers, media_type=JSON if form == "json" else XML)

    # pages

    def _number(self, request: Request) -> int:
        text = request.query_params.get("perPage", str(PAGE))
        if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= LARGEST_PAGE:
            raise BadValue(
                f"perPage is '{text[:40]}'", place="perPage", remedy=f"give a number from 1 to {LARGEST_PAGE:,}"
            )
        return int(text)

    def _page(self, request: Request) -> tuple[int, int]:
        """(how many, from which on) of a list that is no query."""
        token = request.query_params.get("nextPageToken", "0")
        strange = [name for name in request.query_params if name not in _OWN and name != "token"]
        if strange:
            raise BadValue(f"'{strange[0][:80]}' is no parameter of this list", place="query", remedy="leave it out")
        if not re.fullmatch(r"[0-9]{1,12}", token):
            raise BadValue("this is no page token", place="nextPageToken", remedy="ask for the first page again")
        return self._number(request), int(token)

    def _headers(self, request: Request, more: int) -> dict[str, str]:
        return {**HEADERS, **({"Link": self._link(request, str(more))} if more else {})}

    def _link(self, request: Request, token: str) -> str:
        kept = [pair for pair in request.query_params.multi_items() if pair[0] not in ("nextPageToken", "token")]
        path = quote(request.url.path, safe="/:;=,@!$'()*")
        return f'<{path}?{urlencode([*kept, ("nextPageToken", token)])}>; rel="next"'

    def _collection(self, request: Request, members: Sequence[str], more: int = 0) -> Response:
        _plain(request)
        value = {"@context": CONTEXT, "type": "Collection", "member": list(members)}
        return Response(orjson.dumps(value), 200, self._headers(request, more), media_type=JSON)


def _told(kept: Kept) -> dict[str, Any]:
    """An event as it was captured, with the id it has and the time it was recorded."""
    form: dict[str, Any] = orjson.loads(kept.body)
    return {**form, "eventID": kept.id, "recordTime": moment(kept.recorded)}
