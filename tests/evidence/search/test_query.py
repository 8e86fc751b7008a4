from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ytterby.evidence.search.query import parse
from ytterby.evidence.search.wishes import wish
from ytterby.terms.errors import YtterbyError


def _texts(query: str) -> list[str]:
    return [term.text for term in parse(query).terms]


def test_words_phrases_and_words_to_leave_out() -> None:
    asked = parse('对日 "price floor" 「稀土 磁体」 dyspro* -lithium -"soy beans" F-35')
    assert [(term.text, term.phrase, term.prefix) for term in asked.terms] == [
        ("对日", False, False),
        ("price floor", True, False),
        ("稀土 磁体", True, False),
        ("dyspro", False, True),
        ("F-35", False, False),
    ]
    assert [term.text for term in asked.without] == ["lithium", "soy beans"]


def test_filters_in_the_line_and_beside_it() -> None:
    asked = parse("稀土 lang:zh place:日本 stage:refining kind:price type:claims since:2025-02 until:2025-02")
    assert (asked.lang, asked.place, asked.stage, asked.kind, asked.type) == (
        "zh",
        "JP",
        "separation",
        "price",
        "claim",
    )
    assert (asked.since, asked.until) == ("2025-02-01", "2025-02-28")
    assert parse("稀土 lang:zh", lang="en").lang == "en"
    assert parse("稀土 place：US").place == "US"
    assert _texts("https://example.org/a 10:30") == ["https://example.org/a", "10:30"]


def test_an_open_quote_runs_to_the_end() -> None:
    assert _texts('"price floor of 110') == ["price floor of 110"]


@pytest.mark.parametrize(
    "query",
    [
        "", "   ", "，。！", "-稀土", '""', "*", "lang:zh", "稀土 lang:klingon", "稀土 type:poem", "稀土 place:Atlan",
        "稀土 stage:moon", "稀土 since:yesterday", "稀土 since:2025-13", "稀土 since:2025-00", "稀土 until:0000",
        "稀土 since:2026 until:2025", "稀土 kind:1;drop", "镝 " * 1500, " ".join(f"w{n}" for n in range(40)), "①",
    ],
)  # fmt: skip
def test_nice_errors(query: str) -> None:
    with pytest.raises(YtterbyError) as told:
        parse(query)
    assert told.value.cause
    assert told.value.place
    assert told.value.remedy or told.value.to_dict()["kind"] == "UnknownName"


@given(st.text(max_size=80))
@example('x" OR body : y AND (')
@example("NEAR(a b) {title} : ^z + -q")
@example("'; DROP TABLE entries; --")
def test_any_line_is_read_or_refused(text: str) -> None:
    try:
        wanted = wish(parse(text))
    except YtterbyError:
        return
    assert wanted.groups
    for group in wanted.groups:
        assert group.expression.count('"') % 2 == 0
        outside = group.expression.split('"')[::2]
        assert all(set(part) <= set(" ANDOR()*") for part in outside), group.expression
