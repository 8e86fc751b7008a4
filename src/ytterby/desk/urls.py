"""Home to the addresses of the desk: every one is built here, and parsed here.

    /en/claims?kind=share            a page, in English
    /zh/claims?kind=share            the same page, in Chinese: the switch changes nothing else
    /en/document/3f9a12              a page about something
    /en/document/3f9a12.json         the same as JSON; .csv gives its main rows
    /en/document/3f9a12.file         the same as one HTML file that needs nothing else
    /en/run/5d0c/-/exports.svg       one figure of the page; .csv and .json give the rows of that section

Names may hold any text: what would be mistaken for something else is escaped, so that ``parse(address.path) ==
address`` for every address. A name that ends like a form (``notes.json``) makes its page end in ``.html``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl, quote, unquote, urlencode

Lang: TypeAlias = Literal["en", "zh"]
Form: TypeAlias = Literal["html", "json", "csv", "svg", "file"]

LANGS: tuple[Lang, ...] = ("en", "zh")
FORMS: tuple[Form, ...] = ("html", "json", "csv", "svg", "file")
FIRST = "today"
"""The page one comes in by."""

STATIC, API, EVENTS = "/static/", "/api/", "/events/"
OPENAPI = "/api/openapi.json"
TOKEN = "/token"

MOVED = {
    "home": "today",
    "index": "today",
    "overview": "today",
    "article": "document",
    "articles": "documents",
    "forecast": "run",
    "forecasts": "runs",
    "method": "sources",
    "regime": "instrument",
    "regimes": "rules",
}
"""Pages that had another name, and the one they have now."""

_PAGE = re.compile(r"[a-z][a-z0-9-]*\Z")
_PART = "-"
"""Stands between the names of a page and one of its sections."""
_ESCAPE = "~"
_SAFE = "!$'()*,:;=@"


@dataclass(frozen=True, slots=True)
class Address:
    """Where something stands on the desk."""

    page: str = FIRST
    names: tuple[str, ...] = ()
    """What the page is about."""
    asked: tuple[tuple[str, str], ...] = ()
    """The question after the ``?``, in the order it was asked."""
    lang: Lang = "en"
    form: Form = "html"
    part: str = ""
    """Anchor of one section of the page, where only that is meant."""
    at: str = ""
    """Anchor to scroll to; the browser keeps it to itself, so `parse` never sees it."""

    @property
    def path(self) -> str:
        """The address without the anchor, as it stands after the host."""
        segments = [self.page, *map(_escaped, self.names)]
        if self.part:
            segments += [_PART, _escaped(self.part)]
        ending = "" if self.form == "html" and not _form(segments[-1])[1] else f".{self.form}"
        path = f"/{self.lang}/{'/'.join(segments)}{ending}"
        return path + (f"?{urlencode(self.asked)}" if self.asked else "")

    def __str__(self) -> str:
        return self.path + (f"#{quote(self.at)}" if self.at else "")

    def spoken(self, lang: Lang) -> Address:
        """The same place in another language."""
        return replace(self, lang=lang)

    def as_form(self, form: Form, part: str = "") -> Address:
        """The same place in another form, whole or one section of it."""
        return replace(self, form=form, part=part, at="")

    def asking(self, changes: Mapping[str, str | None]) -> Address:
        """The same place with some of its questions changed; None and empty text take one away."""
        kept = tuple((key, value) for key, value in self.asked if key not in changes)
        return replace(self, asked=kept + tuple((key, value) for key, value in changes.items() if value), at="")


def to(
    page: str, *names: str, lang: Lang = "en", asked: Mapping[str, str] | Iterable[tuple[str, str]] = (), at: str = ""
) -> Address:
    """The address of a page about `names`.

    >>> str(to("document", "3f9a12", lang="zh", at="p4"))
    '/zh/document/3f9a12#p4'
    >>> to("parameter", "price:NdPr oxide").path
    '/en/parameter/price:NdPr%20oxide'
    """
    pairs = tuple(asked.items()) if isinstance(asked, Mapping) else tuple(asked)
    return Address(page, names, tuple((key, value) for key, value in pairs if value), lang, at=at)


def parse(path: str, query: str = "") -> Address | None:
    """The address written as `path` (percent-encoded, as it came) and `query`; None where it is none of ours.

    >>> parse("/en/run/5d0c/-/exports.svg").part
    'exports'
    """
    path, _, inside = path.partition("?")
    segments = path.split("/")
    if len(segments) < 3 or segments[0] or segments[1] not in LANGS:
        return None
    last, form = _form(segments[-1])
    names = [*segments[2:-1], last]
    part = ""
    if len(names) > 2 and names[-2] == _PART:
        part, names = _plain(names[-1]), names[:-2]
    if not _PAGE.match(names[0]) or not all(names[1:]):
        return None
    try:
        asked = tuple(parse_qsl(query or inside, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return None
    lang = next(one for one in LANGS if one == segments[1])
    return Address(names[0], tuple(map(_plain, names[1:])), asked, lang, form or "html", part)


def moved(path: str, query: str = "", lang: Lang = "en") -> Address | None:
    """Where an address of former days leads now: pages without a language, pages renamed; None where nowhere."""
    if path.strip("/") in ("", *LANGS):
        spoken = next((one for one in LANGS if one == path.strip("/")), lang)
        return Address(lang=spoken)
    found = parse(path, query)
    if found is not None:
        return replace(found, page=MOVED[found.page]) if found.page in MOVED else None
    bare = path.rstrip("/")
    found = parse(bare, query) or parse(f"/{lang}{bare}", query)
    if found is None:
        return None
    # English and Chinese were once told apart by a question.
    for spoken in LANGS:
        if ("lang", spoken) in found.asked:
            found = replace(found, lang=spoken, asked=tuple(pair for pair in found.asked if pair[0] != "lang"))
    return replace(found, page=MOVED.get(found.page, found.page))


def events(job: str) -> str:
    """Where the progress of a job is told as it goes."""
    return f"{EVENTS}{quote(job, safe='')}"


def _escaped(name: str) -> str:
    if name in ("", ".", "..", _PART) or name.startswith(_ESCAPE):
        name = _ESCAPE + name
    # A lone surrogate cannot be written in an address; what was read never holds one, and what was typed may.
    return quote(name.encode("utf-8", "replace"), safe=_SAFE)


def _plain(segment: str) -> str:
    return unquote(segment, errors="replace").removeprefix(_ESCAPE)


def _form(segment: str) -> tuple[str, Form | None]:
    stem, dot, ending = segment.rpartition(".")
    form = next((one for one in FORMS if one == ending), None) if dot and stem else None
    return (stem, form) if form else (segment, None)
