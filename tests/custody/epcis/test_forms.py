"""Every way an event may be written is found by looking, and says the same."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ytterby.custody.epcis import Refused, Understood, document, read, template
from ytterby.custody.epcis.emit import bare
from ytterby.custody.event import KINDS

HERE = Path(__file__).parent / "examples"
NOW = 1_790_000_000_000_000
"""In September 2026."""


def both(content: bytes, where: str = "here") -> tuple[list[Understood], list[Refused]]:
    told = list(read(content, where, now=NOW))
    return [one for one in told if isinstance(one, Understood)], [one for one in told if isinstance(one, Refused)]


def events(name: str) -> list[Understood]:
    good, bad = both((HERE / name).read_bytes(), name)
    assert bad == []
    return good


@pytest.fixture(scope="module")
def chain() -> list[Understood]:
    return events("chain.json")


@pytest.mark.parametrize("name", ["chain-full.jsonld", "chain.xml", "lines.jsonl"])
def test_other_spellings_of_the_chain_have_its_canonical_form(name: str, chain: list[Understood]) -> None:
    again = events(name)
    assert [one.canonical for one in again] == [one.canonical for one in chain]
    assert [one.digest for one in again] == [one.digest for one in chain]
    assert [one.event for one in again] == [one.event for one in chain]


def test_an_array_a_bare_event_and_a_query_answer_say_the_same(chain: list[Understood]) -> None:
    whole = json.loads((HERE / "chain.json").read_text(encoding="utf-8"))
    listed = [{"@context": whole["@context"], **one} for one in whole["epcisBody"]["eventList"]]
    assert [one.digest for one in both(json.dumps(listed).encode())[0]] == [one.digest for one in chain]
    assert both(json.dumps(listed[2], indent=4).encode())[0][0].digest == chain[2].digest
    assert [one.digest for one in events("answer.json")] == [one.digest for one in chain[:2]]


def test_a_document_whose_context_comes_last_and_in_another_encoding(chain: list[Understood]) -> None:
    whole = json.loads((HERE / "chain.json").read_text(encoding="utf-8"))
    whole["@context"] = whole.pop("@context")
    text = json.dumps(whole, ensure_ascii=False)
    for content in (text.encode("utf-8-sig"), text.encode("utf-16"), b"\n  " + text.encode()):
        assert [one.digest for one in both(content)[0]] == [one.digest for one in chain]


def test_old_xml_is_read_as_the_new_would_be() -> None:
    shipped, made, counted = events("old.xml")
    assert shipped.event.id == "urn:uuid:5b0c7e0a-0002-4000-8000-000000000001"
    assert shipped.event.step == "shipping"
    assert shipped.event.sources == (("possessing_party", "https://id.gs1.org/414/9521234000006"),)
    assert json.loads(shipped.canonical)["{https://mill.example/words}shift"] == "2"
    assert [(p.role, p.mass) for p in made.event.pieces] == [("input", 12_500 * 10**9), ("output", 310 * 10**9)]
    assert [(p.role, p.count, p.mass) for p in counted.event.pieces] == [("what", 31, None)]


def test_what_is_written_reads_back_alike(chain: list[Understood]) -> None:
    for form in ("json", "xml"):
        content = document(chain, form)  # type: ignore[arg-type]
        again, bad = both(content)
        assert bad == []
        assert [one.canonical for one in again] == [one.canonical for one in chain]
    through = both(document(both(document(chain, "xml"))[0]))[0]
    assert [one.canonical for one in through] == [one.canonical for one in chain]
    for one in chain:
        assert both(json.dumps(bare(one)).encode())[0][0].canonical == one.canonical


def test_an_answer_to_a_query_is_one_in_both_forms(chain: list[Understood]) -> None:
    for form in ("json", "xml"):
        content = document(chain[:2], form, query="SimpleEventQuery", subscription="s-1")  # type: ignore[arg-type]
        assert b"EPCISQueryDocument" in content
        assert b"SimpleEventQuery" in content
        assert [one.digest for one in both(content)[0]] == [one.digest for one in chain[:2]]


def test_meaning_of_the_chain(chain: list[Understood]) -> None:
    born, shipped, made, packed, fitted, sold, wrong = [one.event for one in chain]
    assert born.pieces[0].lot == "https://id.gs1.org/01/09521234000112/10/C26-01"
    assert born.pieces[0].mass == 12_500 * 10**9
    assert born.pieces[0].material == "concentrate.ionic"
    # the assay is told of the oxide: Dy2O3 is 87.13 % dysprosium
    assert {a.element: a.ppb for a in born.pieces[0].assays}["Dy"] == round(31_000_000 * 325.0 / (325.0 + 3 * 15.999))
    assert shipped.licences == ("2026-EX-0192",)
    assert shipped.value_usd == 125_000_050
    assert shipped.transactions == (("po", "https://mill.example/orders/7788"),)
    assert made.losses == (("", 9_800 * 10**9), ("Dy", 6_500_000_000))
    assert {p.material for p in made.pieces if p.role == "output"} == {"oxide.Dy", "oxide.Nd"}
    assert packed.pieces[0].role == "parent"
    assert [(p.role, p.count, p.mass) for p in fitted.pieces[1:]] == [
        ("child", 1, 21_500_000),
        ("child", 1, 21_480_000),
    ]
    assert sold.kind == "transaction"
    assert sold.doubts[0][0] == "place"
    assert wrong.id == shipped.id
    assert wrong.mistake is not None
    assert wrong.mistake.corrections == ("urn:uuid:5b0c7e0a-0001-4000-8000-000000000009",)


def test_an_event_without_a_name_is_named_by_what_it_says(chain: list[Understood]) -> None:
    fitted = chain[4].event
    assert fitted.id.startswith("ni:///sha-256;")
    assert "eventID" not in json.loads(chain[4].canonical)
    # told again under that name it is not in doubt
    again = json.loads(document([chain[4]]))["epcisBody"]["eventList"][0]
    again["eventID"] = fitted.id
    good, _ = both(json.dumps({"@context": {"ytt": "https://ytterby.org/epcis/"}, **again}).encode())
    assert good[0].event.doubts == ()
    again["ytt:masses"][0]["ytt:mass"] = "22.5"
    forged, _ = both(json.dumps(again).encode())
    assert [name for name, _ in forged[0].event.doubts] == ["forged"]
    told = list(read(json.dumps(again).encode(), "here", now=NOW, strict=frozenset({"forged"})))
    assert isinstance(told[0], Refused)
    assert told[0].reason.startswith("forged: ")


def test_everything_survives_pickling(chain: list[Understood]) -> None:
    assert pickle.loads(pickle.dumps(chain)) == chain
    bad = both(b'{"type": "ObjectEvent"}')[1]
    assert pickle.loads(pickle.dumps(bad)) == bad


def test_a_chinese_table_is_read_row_by_row() -> None:
    good, bad = both((HERE / "plant.csv").read_bytes(), "plant.csv")
    assert [p.mass for p in good[0].event.pieces] == [250 * 10**9, 210_800_000_000]
    assert good[0].event.pieces[0].lot == "urn:x-ytterby:lot:91110000X:%E6%8A%95%E6%96%99-118"
    assert [a.ppb for a in good[0].event.pieces[1].assays] == [995_000_000]
    assert good[0].event.offset == 480
    assert (bad[0].path, bad[0].reason) == ("plant.csv#rows 4-5", "gain: 1,000 kg came out, 10 kg went in")
    assert bad[1].path == "plant.csv#row 6, column mass"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_as_printed_can_be_read(kind: str, language: Any) -> None:
    text = template(kind, language)
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        good, bad = both(text.encode(encoding))
        assert bad == []
        assert [one.event.kind for one in good] == [kind]
    for delimiter in (";", "\t"):
        assert both(text.replace(",", delimiter).encode())[1] == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("event_time", "evnt_time"), "header"),
        (("2026-03-01 14:30", "yesterday"), "row 2, column event_time"),
        (("+08:00", ""), "row 2, column utc_offset"),
        (("250", "1,250"), "row 2"),
        (("250", "a lot"), "row 2, column mass"),
        (("91110000X,2026", ",2026"), "row 2, column event_id"),
        (("21.4", "x"), "row 2, column Nd_pct"),
        (("object,E", "objekt,E"), "row 2, column event_type"),
    ],
)
def test_errors_of_a_table_name_row_and_column(change: tuple[str, str], place: str) -> None:
    text = template("object").replace(*change, 1)
    good, bad = both(text.encode(), "t.csv")
    assert good == []
    assert bad[0].path.startswith(f"t.csv#{place}")


def test_one_bad_event_does_not_spoil_the_others(chain: list[Understood]) -> None:
    whole = json.loads((HERE / "chain.json").read_text(encoding="utf-8"))
    whole["epcisBody"]["eventList"][1]["quantityList"][0]["quantity"] = "much"
    whole["epcisBody"]["eventList"][3]["eventTime"] = "2026-02-30T00:00:00Z"
    good, bad = both(json.dumps(whole).encode(), "d.json")
    assert [one.digest for one in good] == [one.digest for i, one in enumerate(chain) if i not in (1, 3)]
    assert [one.path for one in bad] == [
        "d.json#/epcisBody/eventList/1/quantityList/0/quantity",
        "d.json#/epcisBody/eventList/3",
    ]
    assert [one.id for one in bad] == [chain[1].event.id, chain[3].event.id]
    assert json.loads(bad[0].raw)["quantityList"][0]["quantity"] == "much"


def test_a_line_that_is_no_json_is_one_line() -> None:
    lines = (HERE / "lines.jsonl").read_bytes().splitlines()
    for place in (0, 3):
        spoiled = list(lines)
        spoiled[place] = spoiled[place][:-40] + b"}"
        good, bad = both(b"\n".join(spoiled), "l.jsonl")
        assert len(good) == len(lines) - 1
        assert bad[0].path == f"l.jsonl#line {place + 1}"


# the standard's own examples, where they are at hand

STANDARD = os.environ.get("YTTERBY_EPCIS_EXAMPLES", "")
NO_EVENTS = ("CaptureJob", "masterData", "CBV-11.4", "masterdata")
"""Files of the standard's examples that hold no events: jobs and master data."""


def _standard() -> Iterator[Path]:
    if STANDARD:
        for folder in ("JSON", "JSON-simple-context", "XML"):
            for path in sorted((Path(STANDARD) / folder).rglob("*")):
                if path.suffix in (".json", ".jsonld", ".xml") and not any(word in str(path) for word in NO_EVENTS):
                    yield path


@pytest.mark.skipif(not STANDARD, reason="YTTERBY_EPCIS_EXAMPLES names no folder")
@pytest.mark.parametrize("path", list(_standard()), ids=lambda path: "/".join(path.parts[-2:]))
def test_examples_of_the_standard_are_captured_and_written_again_alike(path: Path) -> None:
    good, bad = both(path.read_bytes(), path.name)
    assert bad == []
    assert good != []
    for content in (document(good), document(good, "xml"), document(both(document(good, "xml"))[0])):
        assert [one.canonical for one in both(content)[0]] == [one.canonical for one in good]


@pytest.mark.skipif(not STANDARD, reason="YTTERBY_EPCIS_EXAMPLES names no folder")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("JSON/Example_9.6.1-ObjectEvent.jsonld", "XML/Example_9.6.1-ObjectEvent-2020_06_18a.xml"),
        ("JSON/Example_9.6.2-ObjectEvent.jsonld", "XML/Mimasu/Example2.xml"),
        ("JSON/Example_9.6.3-AggregationEvent.jsonld", "XML/Mimasu/Example3.xml"),
        ("JSON/Example_9.6.4-TransformationEvent.jsonld", "XML/Mimasu/Example4.xml"),
    ],
)
def test_twins_of_the_standard_say_the_same_but_for_their_names(first: str, second: str) -> None:
    forms = []
    for name in (first, second):
        good, _ = both((Path(STANDARD) / name).read_bytes())
        forms.append([{k: v for k, v in json.loads(one.canonical).items() if k != "eventID"} for one in good])
    assert forms[0] == forms[1]
