"""Home to the server's wiring: FastAPI around the counter. Importing this imports FastAPI, and still no run and no
jax.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import threading
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

import ytterby
from ytterby.desk import api, counter, described, epcis, guard, register, render, rows, urls, warming, words
from ytterby.desk.counter import SVG, Counter
from ytterby.desk.jobs import Job
from ytterby.desk.page import Done, File, Given
from ytterby.desk.shelf import Ready, ready
from ytterby.desk.urls import Lang
from ytterby.terms.errors import YtterbyError

SAID_COOKIE = "ytterby-said"
SAID_LONGEST = 600
TICK = 0.25
"""Seconds between two looks at a job that somebody follows."""
MOST_FOLLOWERS = 200
"""Pages that may follow jobs at once: each looks four times a second."""
STATIC_MEDIA = {"css": "text/css", "js": "text/javascript", "svg": SVG}


def create_app(
    project: Path | str | None = None,
    *,
    token: str = "",
    hosts: Iterable[str] = guard.LOOPBACK,
    largest: int = guard.LARGEST,
    warm: bool = False,
) -> FastAPI:
    """The desk of a project as an ASGI application.

    Args:
        project: its folder; without it the nearest one upward, else the user's own.
        token: what every request has to bring; empty for a desk that only its own machine reaches.
        hosts: the names it answers to; ``*`` stands for any address written as a number.
        largest: bytes of the largest request.
        warm: whether to make pages before anybody asks for them.

    Raises:
        StoreError: there is no project there.
    """
    desk = Counter(ytterby.open(project))

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        closing = threading.Event()
        if warm:
            warming.warm(desk, closing)
        await run_in_threadpool(desk.jobs.resume)
        yield
        closing.set()
        await run_in_threadpool(desk.jobs.close)
        await run_in_threadpool(captures.close)

    app = FastAPI(
        title=described.TITLE,
        version=ytterby.__version__,
        description=described.SUMMARY,
        openapi_url=urls.OPENAPI,
        docs_url=None,
        redoc_url=None,
        lifespan=life,
    )
    app.state.desk = desk
    app.include_router(api.router(desk))
    standard, captures = epcis.router(desk)
    app.include_router(standard)
    _pages(app, desk, token)
    _errors(app, desk)

    def refuse(scope: guard.Scope, code: int, cause: str, remedy: str) -> Any:
        made = _refusal(desk, Request(scope), counter.refusal(code, cause, remedy))
        if code == 401:
            made.headers["www-authenticate"] = "Bearer"
        return made

    app.add_middleware(guard.Guard, refuse=refuse, hosts=hosts, token=token, largest=largest)
    return app


def _pages(app: FastAPI, desk: Counter, token: str) -> None:
    followers: set[object] = set()

    @app.get(f"{urls.STATIC}{{name}}", include_in_schema=False)
    def static(name: str, request: Request) -> Response:
        stem, _, ending = name.rpartition(".")
        try:
            body = render.static(f"{stem.rpartition('-')[0] or stem}.{ending}")
        except KeyError:
            return _refusal(desk, request, counter.refusal(404, "there is no such file"))
        current = (
            name == render.static_at(f"{stem.rpartition('-')[0]}.{ending}").rpartition("/")[2] if "-" in stem else False
        )
        keep = "public, max-age=31536000, immutable" if current else "no-cache"
        made = ready(200, STATIC_MEDIA[ending], body)
        return _sent(made, request, {"cache-control": keep})

    @app.get(f"{urls.EVENTS}{{job}}", include_in_schema=False)
    async def events(job: str, lang: Lang = "en") -> Response:
        desk.jobs.get(job)
        if len(followers) >= MOST_FOLLOWERS:
            cause = f"{len(followers)} pages follow jobs already"
            raise counter.refusal(503, cause, "close some, or look at the page of the job from time to time")
        return StreamingResponse(_followed(followers, _told(desk, job, lang)), media_type="text/event-stream")

    @app.post(urls.TOKEN, include_in_schema=False)
    async def admitted(request: Request) -> Response:
        given = str((await request.form()).get("token", ""))
        if not token or not hmac.compare_digest(given.strip().encode("utf-8", "replace"), token.encode()):
            return _refusal(desk, request, counter.refusal(401, "that is not the token of this desk"))
        return RedirectResponse("/", 303, {"set-cookie": guard.token_cookie(token)})

    @app.get("/{path:path}", include_in_schema=False)
    async def page(request: Request) -> Response:
        path, query = _written(request)
        address = urls.parse(path, query)
        if address is None or address.page in urls.MOVED:
            target = urls.moved(path, query, _lang(request))
            if target is not None and register.register().get(target.page):
                return RedirectResponse(str(target), 301 if address else 307, {"vary": "accept-language"})
            if address is None:
                return _refusal(desk, request, counter.refusal(404, f"nothing stands at {path[:200]}"))
        said = unquote(request.cookies.get(SAID_COOKIE, ""))[:SAID_LONGEST] if address.form == "html" else ""
        made = await run_in_threadpool(desk.show, address, said)
        sent = _sent(made, request)
        if address.form in ("csv", "file") and made.status == 200:
            sent.headers["content-disposition"] = f'attachment; filename="{_file(address)}"'
        if said:
            sent.delete_cookie(SAID_COOKIE, path="/", httponly=True, samesite="strict")
        return sent

    @app.post("/{path:path}", include_in_schema=False)
    async def form(request: Request) -> Response:
        address = urls.parse(*_written(request))
        if address is None or address.form != "html":
            return _refusal(desk, request, counter.refusal(405, "this address takes no forms"))
        given, key = await _given(request)
        found = await run_in_threadpool(desk.take, address, given, key)
        if isinstance(found, Ready):
            return _sent(found, request)
        return _gone(found)


def _gone(done: Done) -> Response:
    sent = RedirectResponse(str(done.to), 303)
    if done.said:
        said = quote(done.said[: SAID_LONGEST // 3])
        sent.set_cookie(SAID_COOKIE, said, max_age=60, path="/", httponly=True, samesite="strict")
    return sent


def _errors(app: FastAPI, desk: Counter) -> None:
    @app.exception_handler(YtterbyError)
    async def ours(request: Request, error: YtterbyError) -> Response:
        return _refusal(desk, request, error)

    @app.exception_handler(HTTPException)
    async def theirs(request: Request, error: HTTPException) -> Response:
        if request.url.path.startswith(f"{epcis.PREFIX}/"):
            return epcis.told(error.status_code, str(error.detail), error.headers)
        return _refusal(desk, request, counter.refusal(error.status_code, str(error.detail)))

    @app.exception_handler(RequestValidationError)
    async def misshapen(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        told = counter.refusal(422, str(first["msg"]), f"{urls.OPENAPI} says what is expected")
        told.place = place
        return _refusal(desk, request, told)

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> Response:
        return _refusal(desk, request, desk.told(error))


def _refusal(desk: Counter, request: Request, error: YtterbyError) -> Response:
    path, query = _written(request)
    if path.startswith(f"{epcis.PREFIX}/"):
        return epcis.told(counter.status(error), str(error))
    if path.startswith((urls.API, urls.EVENTS)):
        return Response(rows.as_json({"error": error.to_dict()}), counter.status(error), media_type=counter.JSON)
    return _sent(desk.refused(error, urls.parse(path, query), _lang(request)), request)


def _sent(made: Ready, request: Request, headers: dict[str, str] | None = None) -> Response:
    """A page as a response: as it was, where the browser has it already; compressed, where it can unpack."""
    told = {"cache-control": "private, no-cache", "vary": "accept-encoding", **(headers or {})}
    if made.to:
        return RedirectResponse(made.to, made.status, {"cache-control": "no-store"})
    if made.media == SVG:
        told["content-security-policy"] = guard.DRAWING
    if made.name:
        told["content-disposition"] = f'attachment; filename="{made.name}"'
    if made.etag:
        told["etag"] = made.etag
        asked = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
        if made.status == 200 and made.etag in asked:
            return Response(status_code=304, headers=told)
    else:
        told["cache-control"] = "no-store"
    body = made.body
    if made.packed and "gzip" in request.headers.get("accept-encoding", ""):
        body, told["content-encoding"] = made.packed, "gzip"
    return Response(body, made.status, told, made.media)


def _written(request: Request) -> tuple[str, str]:
    """Path and query as they came, before anybody decoded them."""
    raw = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    return raw.decode("latin-1").split("?")[0], request.scope.get("query_string", b"").decode("latin-1")


def _lang(request: Request) -> Lang:
    return words.chosen(request.headers.get("accept-language", ""))


def _file(address: urls.Address) -> str:
    """A name to save under: letters and digits of what the page is about."""
    parts = (address.page, *address.names, address.part)
    plain = ("".join(c if c.isascii() and c.isalnum() else "-" for c in one)[:40].strip("-") for one in parts if one)
    return "-".join(one for one in plain if one) + ("-" + address.lang + ".html" if address.form == "file" else ".csv")


async def _given(request: Request) -> tuple[Given, str]:
    sent = await request.form(max_files=200, max_fields=2000, max_part_size=4 * 2**20)
    fields: dict[str, tuple[str, ...]] = {}
    files = []
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                # Only the last part of what the sender calls it, and only to show.
                called = value.filename.replace("\\", "/").rpartition("/")[2][:200]
                files.append(File(called, await value.read()))
        else:
            fields[name] = (*fields.get(name, ()), value)
    await sent.close()
    key = fields.pop("_key", ("",))[-1]
    return Given(fields.pop("_form", ("",))[-1], fields, tuple(files)), key


async def _followed(followers: set[object], told: AsyncIterator[str]) -> AsyncIterator[str]:
    """A stream that counts among the followers while somebody listens."""
    me = object()
    followers.add(me)
    try:
        async for one in told:
            yield one
    finally:
        followers.discard(me)


async def _told(desk: Counter, name: str, lang: Lang) -> AsyncIterator[str]:
    """The progress of a job as server-sent events, until it has ended."""
    last, spoken = "", time.monotonic()
    while True:
        job = desk.jobs.get(name)
        told = json.dumps(_standing(job, lang), ensure_ascii=False)
        if told != last:
            last, spoken = told, time.monotonic()
            yield f"data: {told}\n\n"
        elif time.monotonic() - spoken > 15:
            # Silence makes some browsers and proxies hang up.
            spoken = time.monotonic()
            yield ": still there\n\n"
        if not job.open:
            return
        await asyncio.sleep(TICK)


def _standing(job: Job, lang: Lang) -> dict[str, Any]:
    from ytterby.desk.timing import left, progress

    told = " · ".join(one for one in (progress(job, lang), left(job, lang)) if one)
    state = words.say(lang, f"state_{job.state}")
    return {"open": job.open, "state": state, "done": job.done, "total": job.total, "told": told}
