"""Home to the counter: a question comes in, a page goes out. It knows no HTTP but the status; `app` wires it to a
server.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ytterby import __version__
from ytterby.desk import register, render, rows, single, urls, words
from ytterby.desk.blocks import Field, Figure, Form, Link, Notice, Text
from ytterby.desk.faults import Fault, fault
from ytterby.desk.jobs import Jobs
from ytterby.desk.page import Asked, Done, Given, Page, Section, Shown
from ytterby.desk.render import Frame
from ytterby.desk.shelf import Ready, Shelf, ready
from ytterby.desk.urls import Address, Lang
from ytterby.store import atomic
from ytterby.store.disk import told
from ytterby.terms.errors import InputError, StoreError, UnknownName, YtterbyError

if TYPE_CHECKING:
    from ytterby.project import Project

HTML, JSON, CSV, SVG = "text/html", "application/json", "text/csv", "image/svg+xml"


class Counter:
    """The desk of one project, without the server around it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.shelf = Shelf(project.path)
        self.jobs = Jobs(project.path)
        self.key = _key(project)
        self.frame = Frame(self.key)
        self._acting = threading.Lock()

    def show(self, address: Address, said: str = "") -> Ready:
        """The page at an address, in its form; `said` is told once on top. What goes wrong is a page too."""
        try:
            page = register.page_at(address)
            if page.live or said:
                return self._made(page, self._asked(page, address), said)
            return self.shelf.page(address.path, lambda: self._made(page, self._asked(page, address)))
        except Exception as error:
            return self.refused(self.told(error), address)

    def take(self, address: Address, given: Given, key: str) -> Done | Ready:
        """What a form sent: where to go now, or the page again with the refusal on it."""
        try:
            page = register.page_at(address)
            if page.act is None:
                raise _Refused("this page takes no forms", 405)
            if not hmac.compare_digest(key.encode("utf-8", "replace"), self.key.encode()):
                raise _Refused(
                    "the form was not sent from a page of this desk", 403, "open the page again and resend it"
                )
        except YtterbyError as error:
            return self.refused(error, address)
        asked = self._asked(page, address)
        try:
            # One after the other: of two people who decide at once the second learns what the first decided.
            with self._acting:
                return page.act(self.project, asked, given)
        except Exception as error:
            refusal = self.told(error)
            try:
                again = self._made(page, replace(asked, given=given, refusal=refusal))
                return replace(again, status=status(refusal), etag="")
            except Exception:
                return self.refused(refusal, address)

    def refused(self, error: YtterbyError, address: Address | None, lang: Lang = "en") -> Ready:
        """An error as a page, or as JSON where that was asked for."""
        code = status(error)
        form = "html" if address is None else address.form
        if form not in ("html", "file"):
            media, body = JSON, rows.as_json({"error": error.to_dict()})
            return replace(ready(code, media, body), etag="")
        lang = lang if address is None else address.lang
        known = f"error_{code}" if f"error_{code}" in words.FRAME else "error_400"
        here = address or Address(lang=lang)
        sections = [_why(error, lang), *([_admission(lang)] if code == 401 else [])]
        shown = Shown(words.say(lang, known), sections, status=code)
        # Whoever has no token learns no key either.
        frame = Frame("") if code == 401 else self.frame
        body = render.html(None, shown, Asked(here, self.jobs), frame).encode("utf-8", "replace")
        return replace(ready(code, HTML, body), etag="")

    def told(self, error: Exception) -> YtterbyError:
        """Any error as one of ours."""
        if isinstance(error, YtterbyError):
            return error
        if isinstance(error, OSError):
            return told(error, "read or write a file", error.filename or "")
        return fault(error, self.project.path)

    def _asked(self, page: Page, address: Address) -> Asked:
        return Asked(address, self.jobs, page.words, self.shelf.kept)

    def _made(self, page: Page, asked: Asked, said: str = "") -> Ready:
        shown = page.build(self.project, asked)
        if shown.to is not None and asked.address.form == "html":
            return Ready(303, HTML, b"", b"", "", to=str(shown.to))
        if shown.file is not None and asked.address.form == "html":
            return replace(ready(200, shown.file.media, shown.file.body), name=shown.file.name)
        return _FORMS[asked.address.form](self, page, shown, asked, said)

    def _html(self, page: Page, shown: Shown, asked: Asked, said: str) -> Ready:
        if asked.address.part:
            raise UnknownName(asked.address.part, (), "form of a section", asked.address.path)
        text = render.html(page, shown, asked, self.frame, said)
        return ready(shown.status, HTML, text.encode("utf-8", "replace"))

    def _file(self, page: Page, shown: Shown, asked: Asked, said: str) -> Ready:
        made = self._html(page, shown, replace(asked, address=asked.address.as_form("html", asked.address.part)), "")
        style = render.static("desk.css").decode()
        text = single.alone(made.body.decode(), style, self._origin(page, asked))
        return ready(shown.status, HTML, text.encode())

    def _origin(self, page: Page, asked: Asked) -> dict[str, str]:
        """What a file says of itself: whose page it is, where it stood, on which day, of which run."""
        where = asked.address.as_form("html")
        told = {"project": self.project.path.name, "address": str(where), "day": asked.today.isoformat()}
        told |= {"run": ", ".join(asked.names)} if page.about and set(page.about) <= {"run", "against"} else {}
        named = {words.say(asked.lang, f"origin_{name}"): value for name, value in told.items()}
        return {**named, "Ytterby": __version__}

    def _json(self, page: Page, shown: Shown, asked: Asked, said: str) -> Ready:
        part = asked.address.part
        if part:
            section = _section(shown, asked)
            value: object = {"title": section.title, "basis": section.basis, "rows": section.rows()}
            return ready(shown.status, JSON, rows.as_json(value))
        value = {
            "page": page.name,
            "about": list(asked.names),
            "lang": render.HTML_LANG[asked.lang],
            "title": shown.title,
            "basis": shown.basis,
            "lead": shown.lead,
            "keys": [
                {"label": key.label, "value": key.value, "unit": key.unit, "note": key.note, "assumed": key.assumed}
                for key in shown.keys
            ],
            **shown.data,
            "rows": shown.main(),
            "sections": [
                {"id": one.anchor, "title": one.title, "basis": one.basis, "rows": one.rows()} for one in shown.sections
            ],
        }
        return ready(shown.status, JSON, rows.as_json(value))

    def _csv(self, page: Page, shown: Shown, asked: Asked, said: str) -> Ready:
        found = _section(shown, asked).rows() if asked.address.part else shown.main()
        return ready(shown.status, CSV, rows.as_csv(found))

    def _svg(self, page: Page, shown: Shown, asked: Asked, said: str) -> Ready:
        if not asked.address.part:
            known = [one.anchor for one in shown.sections if _figure(one)]
            raise UnknownName(page.name, known, "figure", asked.address.path)
        figure = _figure(_section(shown, asked))
        if figure is None:
            raise UnknownName(asked.address.part, (), "figure", asked.address.path)
        svg = figure.draw(False, float(asked.whole("width", int(render.ALONE), 280, 2400)))
        render.checked(svg)
        return ready(shown.status, SVG, svg.encode("utf-8", "replace"))


_FORMS: dict[str, Callable[[Counter, Page, Shown, Asked, str], Ready]] = {
    "html": Counter._html,
    "file": Counter._file,
    "json": Counter._json,
    "csv": Counter._csv,
    "svg": Counter._svg,
}


class _Refused(InputError):
    """A request that is refused before any page sees it."""

    def __init__(self, cause: str, code: int, remedy: str = "") -> None:
        super().__init__(cause, remedy=remedy)
        self.code = code


def refusal(code: int, cause: str, remedy: str = "") -> YtterbyError:
    """A refusal with the status it is told by."""
    return _Refused(cause, code, remedy)


def status(error: YtterbyError) -> int:
    """The HTTP status of an error: 404 for unknown names, 400 for bad input, 503 for the store, 500 for faults."""
    if isinstance(error, _Refused):
        return error.code
    if isinstance(error, UnknownName):
        return 404
    if isinstance(error, InputError):
        return 400
    return 503 if isinstance(error, StoreError) else 500


def _why(error: YtterbyError, lang: Lang) -> Section:
    blocks: list[Notice | Text] = [Notice(error.cause, "bad")]
    if error.place and not isinstance(error, register.NoSuchPage):
        blocks.append(Text([f"{words.say(lang, 'where')}: {error.place}"]))
    if error.remedy and not (isinstance(error, register.NoSuchPage) and error.suggestions):
        blocks.append(Text([f"{words.say(lang, 'remedy')}: {error.remedy}"]))
    if isinstance(error, register.NoSuchPage) and error.suggestions:
        near = [Link(one, Address(one, lang=lang)) for one in error.suggestions]
        blocks.append(Text([(f"{words.say(lang, 'nearest')}: ", *(piece for one in near for piece in (one, " ")))]))
    cause = "fault" if isinstance(error, Fault) else "refusal"
    return Section(cause, words.say(lang, "refused"), blocks)


def _admission(lang: Lang) -> Section:
    asked = Field("token", words.say(lang, "token"), help=words.say(lang, "token_help"), required=True)
    form = Form("token", [asked], words.say(lang, "token_go"), urls.TOKEN)
    return Section("token", words.say(lang, "token"), [form])


def _section(shown: Shown, asked: Asked) -> Section:
    found = shown.section(asked.address.part)
    if found is None:
        raise UnknownName(
            asked.address.part, [one.anchor for one in shown.sections], "section", asked.address.path[:200]
        )
    return found


def _figure(section: Section) -> Figure | None:
    return next((block for block in section.blocks if isinstance(block, Figure)), None)


def _key(project: Project) -> str:
    """The project's key for forms: kept, so that a form outlives a restart; made anew where nothing can be kept."""
    path = project.path / "desk" / "key"
    try:
        found = path.read_text(encoding="ascii").strip()
        if len(found) >= 32:
            return found
    except (OSError, ValueError):
        pass
    made = secrets.token_urlsafe(32)
    try:
        atomic.write(path, made.encode())
        path.chmod(0o600)
    except (StoreError, OSError):
        pass
    return made
