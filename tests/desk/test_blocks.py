"""Home to the proof that every block is drawn, escapes what it holds, and says its rows."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.desk import blocks as b
from ytterby.desk import counter, render, rows, urls
from ytterby.desk.counter import Counter
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.figures import Caption, bars
from ytterby.project import Project
from ytterby.terms.errors import BadValue

HERE = urls.to("trial")
NASTY = "</p><script>alert(1)</script>\"'&<b onclick=x>稀土"
BARS = [{"label": "CN", "value": 87.0}, {"label": NASTY, "value": 4.0, "assumed": True}]


def drawing(bare: bool, width: float) -> str:
    return bars(BARS, Caption("China separates most", "%", bare=bare), width=width)


def every_block(text: str) -> list[b.Block]:
    link = b.Link(text, HERE, lang="zh", hint=text)
    words = (
        text,
        link,
        b.Chip(text, "assumed"),
        b.Tongue(text, "zh"),
        b.Strong(text),
        b.Mark(text, "pending", HERE, text),
    )
    table = b.Table(
        (b.Column("a", text), b.Column("n", "n", "number")), [{"a": words, "n": 1.5, "assumed": True}], text
    )
    fields = [
        b.Field(f"f{number}", text, kind, text, options=[(text, text)], help=text, error=text, many=kind == "file")
        for number, kind in enumerate(
            ("text", "search", "number", "date", "select", "checkbox", "textarea", "file", "hidden")
        )
    ]
    return [
        b.Text([words, text], quiet=True),
        b.Notice(words, "bad"),
        table,
        b.Table((b.Column("a", text),), [], empty=text),
        b.Figure(drawing, BARS),
        b.Items([b.Item(words, words, words, [b.Chip(text)])], ordered=True, pager=b.Pager(1, 2, 9, HERE, HERE)),
        b.Facts([(text, words), (text, 3), (text, None), (text, True)]),
        b.Facets([(text, [b.Choice(text, HERE, 3, True)])]),
        b.Passages(
            [b.Passage(1, [text, b.Mark(text, "contested", anchor="c1")]), b.Passage(2, [text], True, True)], "zh"
        ),
        b.Form("form", fields, text, HERE),
        b.Form("filter", fields[:1], text, HERE, method="get", inline=True),
        b.Pair([b.Text([text])], [table], text, text),
        b.Progress("job", text, 3, 8, text),
        b.Details(text, [b.Text([text])]),
        b.Pick([b.Table((b.Column("a", text),), [{"a": b.Tick("run", text, text)}])], text, HERE),
        b.Written(text, text),
    ]


class Seen(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if (tag, attrs) == ("span", [("lang", "zh")]):
            return  # Chinese says so on an English page
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Counter:
    import ytterby

    return Counter(ytterby.init(tmp_path_factory.mktemp("blocks") / "project"))


def drawn(desk: Counter, text: str) -> tuple[str, Shown]:
    page = Page("trial", lambda project, asked: Shown("x"), {"nav": (text, text)})
    asked = Asked(HERE, desk.jobs)
    sections = [Section(f"s{n}", text, [one], text, [text], text, "half") for n, one in enumerate(every_block(text))]
    key = KeyFigure(text, text, text, text, True, HERE)
    shown = Shown(text, sections, text, text, [key], [every_block(text)[7]], [b.Link(text, HERE)], refresh=3)
    return render.html(page, shown, asked, desk.frame, said=text), shown


def test_every_kind_is_drawn(desk: Counter) -> None:
    assert {one.kind for one in every_block("x")} == {kind.kind for kind in b.Block.__subclasses__()}
    html, _ = drawn(desk, "words")
    assert 'fill="url(#' in html
    assert " style=" not in html
    assert html.count('<svg class="yt-fig"') == 2
    assert "<style" not in html


def test_nothing_gets_out_of_its_place(desk: Counter) -> None:
    calm, wild = Seen(drawn(desk, "words")[0]), Seen(drawn(desk, NASTY)[0])
    assert wild.tags == calm.tags
    assert wild.names == calm.names


@given(st.text(max_size=40))
def test_wild_words_make_no_tags(text: str) -> None:
    pieces = render.inline(
        (b.Link(text, HERE, text, text), b.Chip(text), b.Tongue(text, text), b.Mark(text, hint=text))
    )
    assert Seen(pieces).tags == ["a", "span", "span", "mark"]
    rows.as_csv([{text or "a": text}])
    rows.as_json({text: [text]})


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil", "/en/today", "ftp://x"])
def test_links_lead_to_the_desk_or_the_web(address: str) -> None:
    with pytest.raises(BadValue):
        b.Link("x", address)
    assert 'rel="noreferrer' in render.inline(b.Link("x", "https://example.org/?a=1&b=2"))


@pytest.mark.parametrize(
    "svg",
    [
        "<svg></svg>",
        '<svg class="yt-fig"',
        '<svg class="yt-fig"><script>1</script></svg>',
        '<svg class="yt-fig"><foreignObject/></svg>',
        '<svg class="yt-fig" onload="x"></svg>',
        '<svg class="yt-fig" xmlns:xlink="http://www.w3.org/1999/xlink"><path xlink:href="x"/></svg>',
        '<svg class="yt-fig"><rect style="fill:url(http://x)"/></svg>',
        '<svg class="yt-fig"><rect style="behavior:url(#x)"/></svg>',
    ],
)
def test_only_drawings_are_let_in(svg: str) -> None:
    with pytest.raises(BadValue):
        render.checked(svg)


def test_a_figure_is_a_file_too(desk: Counter, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    section = Section("bars", "Bars", [b.Figure(drawing, BARS)])
    page = Page("trial", lambda project, asked: Shown("Bars", [section]), {"nav": ("Trial", "试")})
    monkeypatch.setattr("ytterby.desk.register.register", lambda: {"trial": page})
    alone = desk.show(replace(HERE, form="svg", part="bars"))
    assert (alone.status, alone.media) == (200, counter.SVG)
    render.checked(alone.body.decode())
    assert b"China separates most" in alone.body
    narrow = desk.show(replace(HERE, form="svg", part="bars", asked=(("width", "320"),)))
    assert b'width="320"' in narrow.body
    assert desk.show(replace(HERE, form="svg", part="bars", asked=(("width", "9"),))).status == 400
    assert b"China separates most" not in desk.show(HERE).body.split(b"</title>")[0]
    assert desk.show(replace(HERE, form="csv", part="bars")).body.startswith(b"label,value,assumed\r\nCN,87.0,\r\n")


def test_formulas_are_words_in_a_spreadsheet() -> None:
    told = rows.as_csv([{"a": "=1+1", "b": "-", "c": -3.5, "d": "@x", "e": ["=2"]}]).decode()
    assert told == "a,b,c,d,e\r\n'=1+1,-,-3.5,'@x,'=2\r\n"


def test_templates_hold_no_words_of_their_own() -> None:
    import re

    import ytterby

    folder = Path(str(ytterby.__file__)).parent / "data" / "desk"
    allowed = {"CSV", "JSON", "SVG", "PNG", "Ytterby", "Y", "39", "◐", "·", "#", "x"}
    for path in (folder / "page.html", *(folder / "blocks").glob("*.html")):
        text = re.sub(
            r"\{% set more %\}.*?endset|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>",
            " ",
            path.read_text(encoding="utf-8"),
            flags=re.DOTALL,
        )
        assert set(re.findall(r"[^\W_]+|[◐·#]", text)) <= allowed, path.name
