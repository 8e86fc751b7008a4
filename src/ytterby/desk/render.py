"""Home to the rendering of pages: plain data in, HTML text out. The only place that knows of templates.

Everything is escaped as it is drawn: what documents and people wrote can be anything. Figures are the one exception,
and only drawings that hold nothing but marks and text are let in.
"""

from __future__ import annotations

import hashlib
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from ytterby.desk import register, urls, words
from ytterby.desk.blocks import Chip, Field, Figure, Form, Link, Mark, Strong, Tick, Tongue
from ytterby.desk.page import Asked, Page, Section, Shown
from ytterby.desk.urls import Address, Lang
from ytterby.figures.palette import STYLE
from ytterby.figures.scales import spell
from ytterby.terms.errors import BadValue

if TYPE_CHECKING:
    from jinja2 import Environment

HTML_LANG: dict[Lang, str] = {"en": "en", "zh": "zh-Hans"}
WIDTHS = {"full": 1080.0, "wide": 700.0, "half": 520.0, "third": 340.0}
"""Width a figure is laid out for, px, by the width of its section."""
NARROW = 340.0
"""Width of a figure on a phone."""
ALONE = 900.0
"""Width of a figure saved as a file."""
TAGS = frozenset(
    {"svg", "title", "desc", "style", "defs", "pattern", "g", "rect", "path", "circle", "line", "text", "tspan"}
)
_SET = re.compile(r' style="(fill|stroke-width):(url\(#[\w-]+\)|[\d.]+px)"')
"""What a figure may set on one mark."""
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_MARKS = "\u3000-\u303f\uff00-\uffef"
_CHINESE = re.compile(f"[{_MARKS}]*[{_HAN}](?:[^A-Za-z]*[{_HAN}])?[{_MARKS}]*")
"""A run of Chinese: from its first character to the last before a Latin letter, figures between them included."""
TONES = frozenset({"plain", "good", "bad", "pending", "accepted", "rejected", "assumed", "contested"})


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    key: str
    """Proves that a form was sent from a page of this desk."""

    @property
    def style(self) -> str:
        """Address of the style sheet."""
        return static_at("desk.css")

    @property
    def script(self) -> str:
        """Address of the script."""
        return static_at("desk.js")

    @property
    def icon(self) -> str:
        """Address of the mark."""
        return static_at("mark.svg")


def html(page: Page | None, shown: Shown, asked: Asked, frame: Frame, said: str = "") -> str:
    """A page as HTML; `page` is None for what stands at no address of its own (an error).

    Raises:
        BadValue: a figure that is not ours.
    """
    lang, here = asked.lang, asked.address if page is not None else None
    other: Lang = "zh" if lang == "en" else "en"

    def typed(form: Form, one: Field) -> str:
        if asked.given is None or asked.given.form != form.name or one.kind == "hidden":
            return one.value
        return asked.given.get(one.name)

    def say(key: str, **fields: object) -> str:
        return words.say(lang, key, None, **fields)

    told: dict[str, Any] = {
        "shown": shown,
        "here": here,
        "other": other,
        "html_lang": HTML_LANG[lang],
        "other_lang": HTML_LANG[other],
        "say": say,
        "typed": typed,
        "frame": frame,
        "said": said,
        "refusal": asked.refusal,
        "menu": _menu(page, lang),
        "home": str(urls.to(urls.FIRST, lang=lang)),
        "search_at": str(urls.to("search", lang=lang)) if "search" in register.register() else "",
        "asked_for": asked.get("q") if page is not None and page.name == "search" else "",
    }
    text: str = _template().render(told)
    return text


def static(name: str) -> bytes:
    """A file of the desk's own: the style sheet (with that of the figures), the script, the mark. Raises `KeyError`."""
    return _static()[name]


@cache
def static_at(name: str) -> str:
    """Its address, which changes with what is in it."""
    stem, _, ending = name.rpartition(".")
    return f"{urls.STATIC}{stem}-{hashlib.sha256(_static()[name]).hexdigest()[:12]}.{ending}"


@lru_cache(maxsize=1)
def _static() -> dict[str, bytes]:
    own = {name: _text(name).encode() for name in ("desk.css", "desk.js", "mark.svg")}
    return {**own, "desk.css": STYLE.encode() + b"\n" + own["desk.css"]}


@dataclass(frozen=True, slots=True)
class _Entry:
    text: str
    to: str
    here: bool
    exact: bool


def _menu(page: Page | None, lang: Lang) -> list[_Entry]:
    name = "" if page is None else page.name
    under = name if page is None or page.nav else page.under
    return [
        _Entry(
            words.say(lang, "nav", one.words), str(urls.to(one.name, lang=lang)), one.name == under, one.name == name
        )
        for one in register.menu()
    ]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined, pass_context

    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["inline"] = pass_context(
        lambda context, value, around="": inline(value, around or context["html_lang"])
    )
    environment.globals |= {"drawn": drawn, "events": urls.events, "section_title": _section_title}
    return environment


def _template() -> Any:
    return _environment().get_template("page.html")


@cache
def _text(name: str) -> str:
    return files("ytterby").joinpath(f"data/desk/{name}").read_text(encoding="utf-8")


def _section_title(section: Any) -> str:
    # Blocks above the sections have none.
    return getattr(section, "title", "") or "data"


def inline(value: Any, around: str = "zh") -> Markup:
    """A cell, or pieces of a line, as HTML. `around` is the language it stands in: Chinese in another says so."""
    if isinstance(value, str):
        return _spoken(value, around)
    if value is None:
        return Markup("–")
    if isinstance(value, bool):
        return Markup("✓") if value else Markup("–")
    if isinstance(value, int | float):
        return Markup("–") if isinstance(value, float) and math.isnan(value) else escape(spell(float(value)))
    if isinstance(value, list | tuple):
        return Markup("").join(inline(one, around) for one in value)
    return _piece(value, around)


def _spoken(text: str, around: str) -> Markup:
    """Text, with what is Chinese in it marked as that where it stands in another language (WCAG 3.1.2)."""
    if text.isascii() or around.startswith("zh"):
        return escape(text)
    made, last = Markup(""), 0
    for found in _CHINESE.finditer(text):
        made += escape(text[last : found.start()]) + Markup('<span lang="zh">{}</span>').format(found[0])
        last = found.end()
    return made + escape(text[last:])


def _piece(value: Any, around: str) -> Markup:
    if isinstance(value, Link):
        return _link(value, around)
    if isinstance(value, Chip):
        return Markup('<span class="chip t-{}">{}</span>').format(_tone(value.tone), _spoken(value.text, around))
    if isinstance(value, Tongue):
        return Markup('<span lang="{}">{}</span>').format(value.lang, _spoken(value.text, value.lang))
    if isinstance(value, Strong):
        return Markup("<strong>{}</strong>").format(_spoken(value.text, around))
    if isinstance(value, Mark):
        anchor = Markup(' id="{}"').format(value.anchor) if value.anchor else ""
        hint = Markup(' title="{}"').format(value.hint) if value.hint else ""
        text = _spoken(value.text, around) if value.to is None else _link(Link(value.text, value.to), around)
        return Markup('<mark class="t-{}"{}{}>{}</mark>').format(_tone(value.tone), anchor, hint, text)
    if isinstance(value, Tick):
        box = '<label class="box"><input type="checkbox" name="{}" value="{}" aria-label="{}"></label>'
        return Markup(box).format(value.name, value.value, value.label)
    if hasattr(value, "item"):
        return inline(value.item(), around)
    raise BadValue(
        f"a {type(value).__name__} in a line", place="page of the desk", remedy="use text, numbers, links, chips"
    )


def _link(link: Link, around: str) -> Markup:
    lang = Markup(' lang="{}"').format(link.lang) if link.lang else ""
    hint = Markup(' title="{}"').format(link.hint) if link.hint else ""
    outside = "" if isinstance(link.to, Address) else Markup(' rel="noreferrer noopener external"')
    text = _spoken(link.text, link.lang or around)
    return Markup('<a href="{}"{}{}{}>{}</a>').format(str(link.to), lang, hint, outside, text)


def _tone(tone: str) -> str:
    return tone if tone in TONES else "plain"


def drawn(figure: Figure, section: Section | None) -> Markup:
    """A figure for the page: laid out for its section, or for a phone without one; the page holds its style once."""
    svg = figure.draw(True, NARROW if section is None else WIDTHS[section.width])
    checked(svg)
    # Pages allow no styles of their own, so the few a figure sets on a mark become the mark's attributes.
    plain = _SET.sub(r' \1="\2"', svg.replace(f"<style>{STYLE}</style>", ""))
    # Only drawings that passed the check above are not escaped.
    return Markup(plain)


def checked(svg: str) -> None:
    """Refuses what is no drawing of `ytterby.figures`: anything but marks and text, handlers, addresses.

    Raises:
        BadValue: it is none.
    """
    place, remedy = "figure of a section", "give the text that a function of ytterby.figures returned"
    if not svg.startswith('<svg class="yt-fig"'):
        raise BadValue("not a figure of ours", place=place, remedy=remedy)
    try:
        root = ET.fromstring(svg)
    except ET.ParseError as error:
        raise BadValue(f"the figure is not well-formed ({error})", place=place, remedy=remedy) from error
    for element in root.iter():
        # The page's content policy forbids style attributes, handlers and outside addresses anyway.
        names = {name.rpartition("}")[2].lower() for name in element.attrib}
        styled = element.attrib.get("style", "")
        if (
            element.tag.rpartition("}")[2] not in TAGS
            or any(name == "href" or name.startswith("on") for name in names)
            or (styled and not _SET.fullmatch(f' style="{styled}"'))
        ):
            raise BadValue("the figure holds more than marks and text", place=place, remedy=remedy)
