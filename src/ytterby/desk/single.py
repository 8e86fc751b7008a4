"""Home to a page as one file: nothing but itself is needed to read it, and it says where and when it was saved.

It is the page's own HTML without what needs the desk: scripts, forms, menus and ways to save are gone, styles stand in
it, what was folded is open, and links to other pages are plain words. Links within it and to the outside stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

GONE_TAGS = frozenset({"script", "noscript", "form", "button", "link", "input", "textarea", "select", "base"})
GONE_CLASSES = frozenset({"skip", "menu", "tools", "saves", "facets", "pager", "crumbs"})
VOID = frozenset({"input", "link", "meta", "img", "br", "hr", "base", "wbr", "col", "source"})
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def alone(page: str, style: str, origin: Mapping[str, str]) -> str:
    """A page of the desk as one self-contained file.

    Args:
        page: its HTML, as the desk renders it.
        style: the style sheet, that of the figures included.
        origin: name -> value of what a reader of the file has to know, in order: project, address, day, run.
    """
    ids = _Ids()
    ids.feed(page)
    made = _Alone(ids.found, style, origin)
    made.feed(page)
    made.close()
    return "".join(made.out)


class _Ids(HTMLParser):
    """The anchors of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name == "id" and value}


class _Alone(HTMLParser):
    """Writes the page anew, tag by tag as it came, without what has no use in a file."""

    def __init__(self, ids: set[str], style: str, origin: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._ids = ids
        self._style = style
        self._origin = origin
        self._gone = 0
        """How deep inside something that is left out."""
        self._links: list[str] = []
        """Closing tags of the links that are open."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._gone or tag in GONE_TAGS or GONE_CLASSES & set(given.get("class", "").split()):
            self._gone += tag not in VOID
            return
        if tag == "a":
            self._link(given)
        elif tag == "details":
            self.out.append("<details open>")
        elif tag == "main":
            self.out.append('<main id="content">')
        else:
            # As it came: SVG tells small letters from capitals.
            self.out.append(self.get_starttag_text() or "")
        if tag == "head":
            self.out.append(f'\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">')

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._gone and tag not in GONE_TAGS:
            self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if self._gone:
            self._gone -= tag not in VOID
            return
        if tag == "a" and self._links:
            self.out.append(self._links.pop())
            return
        if tag == "head":
            # A style may not close its own tag early; ours never does, and what it came from is not asked.
            self.out.append("<style>" + self._style.replace("</", "<\\/") + "</style>\n")
        if tag == "main":
            self.out.append(self._told())
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._gone:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>\n")

    def _link(self, given: Mapping[str, str]) -> None:
        to = given.get("href", "")
        kept = {name: given[name] for name in ("id", "class", "lang", "title") if given.get(name)}
        if to.startswith(("https://", "http://")):
            kept |= {"href": to, "rel": "noreferrer noopener external"}
        elif to.startswith("#") and to[1:] in self._ids:
            kept["href"] = to
        tag = "a" if "href" in kept else "span"
        if tag == "span" and kept.get("class", "") == "":
            kept["class"] = "away"
        self.out.append(f"<{tag}" + "".join(f' {name}="{escape(value)}"' for name, value in kept.items()) + ">")
        self._links.append(f"</{tag}>")

    def _told(self) -> str:
        rows = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in self._origin.items()
        )
        return f'<dl class="facts origin">{rows}</dl>\n'
