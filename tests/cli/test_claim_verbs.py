"""The verbs on claims: reviews with their history, what is weighed, what moved; answers as published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ytterby.cli import door, interface


@pytest.fixture
def waiting(ask, articles: Path) -> list[dict[str, Any]]:
    """The claims of the two articles."""
    ask("read", str(articles))
    return [row for row in ask("claims", "--status", "pending", "--json").value if row["start"] is not None]


def test_a_claim_is_the_words_it_was_read_from(ask, articles: Path, waiting: list[dict[str, Any]]) -> None:
    assert {claim["value"] for claim in waiting} >= {280.0, 411.0, 2.9}
    for claim in waiting:
        text = Path(claim["path"]).read_text(encoding="utf-8")
        assert text[claim["start"] : claim["end"]] == claim["quote"]
    of_one = ask("claims", "--path", str(articles / "customs.txt"), "--json").value
    assert {claim["id"] for claim in of_one} < {claim["id"] for claim in waiting}


def test_reviews_by_id_beginning_and_in_bulk(ask, articles: Path, waiting: list[dict[str, Any]]) -> None:
    one = waiting[0]["id"]
    assert ask("accept", one[:12], "--reviewer", "A", "--reason", "seen", "--json").value["claims"] == [one]
    assert ask("reject", one, one, "--reviewer", "B", "--json").value["claims"] == [one]
    assert ask("reopen", one, "--reviewer", "A", "--json").value["claims"] == [one]
    history = ask("reviews", one, "--json").value
    assert [(row["status"], row["reviewer"], row["reason"]) for row in history] == [
        ("accepted", "A", "seen"), ("rejected", "B", ""), ("pending", "A", ""),
    ]  # fmt: skip
    document = ask("accept", "--document", "customs.txt", "--reviewer", "A", "--json").value["claims"]
    assert {claim["id"] for claim in waiting if claim["path"].endswith("customs.txt")} == set(document)
    trade = ask("accept", "--parameter", "trade:", "--reviewer", "A", "--json").value["claims"]
    assert [c["value"] for c in waiting if c["id"] in trade] == [411.0], "the other one was decided on already"
    again = ask("reopen", "--parameter", "trade:", "--reviewer", "A", "--json").value["claims"]
    assert {c["value"] for c in waiting if c["id"] in again} == {280.0, 411.0}, "rows of tables were never decided on"


REFUSED = (
    (("accept", "zzzz"), "unknown claim"),
    (("accept", ""), "unknown claim"),
    (("accept", "c"), "several claims begin"),
    (("accept",), "names none"),
    (("accept", "--kind", "nosuch"), "known: capacity"),
    (("accept", "--parameter", "nosuch:thing"), "ytterby weigh"),
    (("accept", "--document", "nosuch"), "customs.txt"),
    (("reject", "c1", "--kind", "price"), "too"),
    (("accept", "--kind", "price", "--reviewer", " "), "needs a reviewer"),
)


def test_nice_errors(ask, waiting: list[dict[str, Any]]) -> None:
    before = ask("claims", "--json").out
    for words, said in REFUSED:
        reviewer = () if "--reviewer" in words else ("--reviewer", "me")
        told = ask(*words, *reviewer, "--json")
        assert (told.status, told.out) == (1, ""), words
        assert said in told.err, words
        assert "what to do: " in told.err, words
    assert ask("claims", "--json").out == before, "nothing was changed"


def test_wrong_usage(ask, waiting: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YTTERBY_REVIEWER", raising=False)
    assert ask("accept", waiting[0]["id"]).status == 2, "somebody has to decide"
    assert ask("claims", "--known", "2025").status == 2
    for words in ((), ("a",), ("a", "b", "--since", "2025-01-01"), ("a", "b", "--until", "2025-01-01")):
        assert ask("moved", *words).status == 2, words
    assert ask("moved", "--since", "2026-02-01", "--until", "2026-01-01").status == 1


def test_weigh_shows_what_contradicts_what(ask, waiting: list[dict[str, Any]]) -> None:
    ids = {claim["id"] for claim in waiting if claim["value"] in (280.0, 411.0)}
    rows = ask("weigh", "--contested", "--json").value
    assert any(ids == set(pair) for row in rows for pair in row["conflicts"])
    assert ask("weigh", "--parameter", "nosuch", "--json").status == 1


def test_what_an_accepted_sentence_moved_is_named(ask, waiting: list[dict[str, Any]]) -> None:
    since = ("moved", "--since", "2026-11-01", "--json")
    before = ask(*since).value
    (car,) = (claim for claim in waiting if claim["value"] == 2.9)
    assert car["parameter"] == "intensity:bev_total"
    ask("accept", car["id"], "--reviewer", "A. Analyst")
    told = [row for row in ask(*since).value if row not in before]
    assert [row["parameter"] for row in told] == ["intensity:bev_total"]
    assert told[0]["after"] > told[0]["before"] > 0
    assert told[0]["claims"][0] == {
        "id": car["id"], "status": "accepted", "quote": car["quote"], "source": "A Wire 2026", "path": car["path"],
        "reviewer": "A. Analyst",
    }  # fmt: skip
    ask("reject", car["id"], "--reviewer", "A. Analyst")
    assert ask(*since).value == before, "what was taken back moves nothing"


def test_other_answers_fit_their_schemas(ask, waiting: list[dict[str, Any]]) -> None:
    for words in (
        ("lineage",), ("ledger", "--on", "2026-11-21"), ("documents",), ("documents", "--alike"), ("scenarios",),
        ("world",), ("world", "--list", "materials"), ("rules",), ("calendar", "2025-04-04"), ("runs",), ("weigh",),
        ("screen", "Lockheed Martin"),
    ):  # fmt: skip
        told = ask(*words, "--json")
        assert told.status == 0, words
        assert told.out.count("\n") == 1, "one JSON value on one line"


def test_schemas_are_published_whole(capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    assert set(interface.described()) <= set(door.ytterby.commands)
    page = (Path(__file__).resolve().parents[2] / "docs" / "machine-interface.md").read_text(encoding="utf-8")
    for verb in interface.described():
        jsonschema.Draft202012Validator.check_schema(interface.schema_of(verb))
        assert f"`{verb}" in page or f" {verb} " in page, f"{verb} stands in docs/machine-interface.md"
        assert door.outcome(["schema", verb]) == 0
        assert json.loads(capsys.readouterr().out) == interface.schema_of(verb)
