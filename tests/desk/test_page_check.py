"""Home to the proof that a shipment's address is the question: fields and facts are one, and the page says what the law
says.
"""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

import ytterby
from ytterby.desk import shipping, urls
from ytterby.desk.app import create_app
from ytterby.desk.page import Asked
from ytterby.desk.pages import check
from ytterby.project import Project, shipments
from ytterby.rules import facts as told
from ytterby.rules import verdicts

CASES = Path(__file__).parent.parent / "cases" / "verdicts"
JOBS = cast("Any", SimpleNamespace())
EVIL = "<script>alert(1)</script>"
MAGNET = {"form": "magnet", "composition": "Nd 29 %, Dy 3 %", "origin": "CN", "from": "JP", "to": "Germany",
          "end_user": "Muster GmbH", "end_use": "civil"}  # fmt: skip


def asking(fields: dict[str, str], lang: urls.Lang = "en") -> Asked:
    return Asked(urls.to("check", lang=lang, asked=fields), JOBS, check.WORDS)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, TestClient]]:
    project = ytterby.init(tmp_path_factory.mktemp("law") / "project")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as client:
        yield project, client


def at(fields: dict[str, str], form: urls.Form = "html", lang: urls.Lang = "en") -> str:
    return urls.to("check", lang=lang, asked=fields).as_form(form).path


def key_of(page: str) -> str:
    return html.unescape(re.findall(r'name="_key" value="([^"]+)"', page)[0])


def cases() -> list[dict[str, Any]]:
    return [one for path in sorted(CASES.glob("*.yaml")) for one in yaml.safe_load(path.read_text(encoding="utf-8"))]


def test_every_case_of_the_law_fits_into_an_address() -> None:
    seen = 0
    for case in cases():
        one = told.of(case["facts"])
        again = shipping.facts_of(asking(shipping.fields_of(one)))
        assert again.wrong == {}, case["name"]
        assert again.facts == one, case["name"]
        seen += 1
    assert seen > 100


SHARES = st.floats(0.001, 0.2, allow_nan=False)
NAMES = st.text(st.characters(categories=["L", "N"], include_characters=" .,&-"), min_size=1, max_size=20).filter(
    lambda name: name == name.strip() and re.search(r"[^\W\d]", name) is not None
)


@settings(max_examples=60, deadline=None)
@given(
    composition=st.dictionaries(st.sampled_from(["Nd", "Dy", "Tb", "Sm", "Fe", "Ga"]), SHARES, max_size=4),
    owners=st.dictionaries(NAMES, SHARES, max_size=4),
    end_user=NAMES,
    share=st.none() | SHARES,
    cots=st.none() | st.booleans(),
    day=st.none() | st.dates(datetime.date(2023, 1, 1), datetime.date(2030, 1, 1)),
)
def test_facts_become_fields_and_facts_again(
    composition: dict[str, float], owners: dict[str, float], end_user: str, share: float | None, cots: bool | None,
    day: datetime.date | None,
) -> None:  # fmt: skip
    record = {"item": {"composition": composition}, "owners": owners, "end_user": end_user, "cots": cots,
              "china_value_share": share, "stages": {"melted": "CN"}, "date": day}  # fmt: skip
    one = told.Facts.model_validate(record)
    address = urls.to("check", asked=shipping.fields_of(one))
    path, _, query = address.path.partition("?")
    parsed = urls.parse(path, query)
    assert parsed is not None
    assert shipping.facts_of(Asked(parsed, JOBS, check.WORDS)) == shipping.Told(one, {})
    assert told.read(shipments.written(one), "there") == one


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([*shipping.NAMES, "on"]), st.text(max_size=30), max_size=6))
def test_whatever_is_typed_is_understood_or_refused_at_its_field(fields: dict[str, str]) -> None:
    found = shipping.facts_of(asking(fields))
    assert (found.facts is None) == bool(found.wrong)
    assert set(found.wrong) <= {*shipping.NAMES, "on"}
    assert all(found.wrong.values())


def test_the_page_says_what_the_law_says(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    one = shipping.facts_of(asking(MAGNET)).facts
    assert one is not None
    assert (one.since, one.to) == ("JP", "DE")
    page = client.get(at({**MAGNET, "on": "2026-11-21"}, "json")).json()
    expected = [found.to_dict() for found in project.check(shipments.record(one), datetime.date(2026, 11, 21))]
    assert page["readings"] == page["rows"] == expected
    for name, steps in page["course"].items():
        held = project.law(None, name)
        # A second way: the verdict asked anew on every step's first and last day.
        for step in steps:
            first = datetime.date.fromisoformat(step["from"])
            last = datetime.date.fromisoformat(step["until"]) if step["until"] else first + datetime.timedelta(days=900)
            for day in (first, last):
                answer = verdicts.under(held, one, day)
                assert (answer.outcome, list(answer.clauses)) == (step["outcome"], step["clauses"])
            if step["until"]:
                assert verdicts.under(held, one, first).next_change == last + datetime.timedelta(days=1)


@pytest.mark.parametrize("lang", urls.LANGS)
def test_the_whole_trace_is_there(desk: tuple[Project, TestClient], lang: urls.Lang) -> None:
    project, client = desk
    address = at({**MAGNET, "on": "2026-11-21"}, lang=lang)
    text = html.unescape(client.get(address).text)
    for found in client.get(at({**MAGNET, "on": "2026-11-21"}, "json", lang)).json()["readings"]:
        for name in (*found["clauses"], *(row["clause"] for row in found["passed_over"])):
            assert f"/{lang}/instrument/{name.partition('.')[0]}#{name}" in text
        if found["next_change"]:
            assert found["next_change"] in text
    known = {clause.id for clause in project.law().clauses}
    assert set(re.findall(r"#([a-z0-9-]+\.[\w.-]+)\"", text)) <= known


def test_what_is_missing_leads_to_its_field(desk: tuple[Project, TestClient]) -> None:
    client = desk[1]
    text = html.unescape(client.get(at({"form": "magnet", "from": "CN", "to": "DE"})).text)
    told_missing = client.get(at({"form": "magnet", "from": "CN", "to": "DE"}, "json")).json()["readings"][0]["missing"]
    assert "item.composition" in told_missing
    for fact in told_missing:
        field = shipping.field_of(fact)
        assert f"#check-{field}" in text
        assert f'id="check-{field}"' in text


def test_bad_fields_say_so_and_keep_what_was_typed(desk: tuple[Project, TestClient]) -> None:
    client = desk[1]
    bad = {"form": "magnt", "composition": "Nd", "from": "Germny", "known": "soon", "reading": "mine", "to": EVIL,
           "china_value_share": "7", "on": "11.1.2027"}  # fmt: skip
    answer = client.get(at(bad))
    assert answer.status_code == 400
    assert answer.text.count('aria-invalid="true"') == len(bad)
    for typed in ("magnt", "Germny", "soon", "mine", html.escape(EVIL), "11.1.2027"):
        assert typed in answer.text
    assert EVIL not in answer.text
    assert "Germany" in answer.text
    errors = client.get(at(bad, "json")).json()["errors"]
    assert set(errors) == set(bad)
    too_much = client.get(at({"composition": "Nd 90 %, Dy 20 %"}, "json"))
    assert too_much.status_code == 400
    assert list(too_much.json()["errors"]) == ["composition"]
    against = client.get(at({"material": "oxide.Dy", "form": "metal"}, "json")).json()["errors"]
    assert set(against) == {"material", "form"}


def test_a_file_of_facts_becomes_an_address(desk: tuple[Project, TestClient]) -> None:
    client = desk[1]
    key = key_of(client.get("/en/check").text)
    text = (
        "item: {form: magnet, composition: {Nd: 0.29, Dy: 3 %}}\nfrom: CN\nto: 德国\nowners: {Beispiel Holding: 51 %}\n"
    )
    gone = client.post("/en/check", data={"_form": "facts", "_key": key, "facts": text})
    assert gone.status_code == 303
    shown = client.get(gone.headers["location"].replace("/check?", "/check.json?"))
    assert shown.json()["facts"] == shipments.record(told.read(text, "x"))
    sent = client.post("/en/check", data={"_form": "facts", "_key": key}, files={"file": ("f.yaml", text.encode())})
    assert sent.headers["location"] == gone.headers["location"]
    for wrong, said in (("item: {form: magnt}", "magnet"), ("- a", "mapping"), ("owners: {'a; b': 10 %}", "fit")):
        refused = client.post("/en/check", data={"_form": "facts", "_key": key, "facts": wrong})
        assert refused.status_code in (400, 404)
        assert said in refused.text
        assert html.escape(wrong, quote=True).replace("&#x27;", "&#39;") in refused.text
    assert client.post("/en/check", data={"_form": "facts", "_key": "no", "facts": text}).status_code == 403


def test_a_watched_shipment_is_told_of_before_it_flips(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    here = at(MAGNET)
    key = key_of(client.get(here).text)
    done = client.post(here, data={"_form": "watch", "_key": key, "name": "magnets 1"})
    assert done.status_code == 303, done.text
    kept, wrong = project.shipments()
    assert [one.name for one in kept] == ["magnets 1"]
    assert wrong == []
    assert kept[0].facts == shipping.facts_of(asking(MAGNET)).facts
    again = {**MAGNET, "to": "FR"}
    for name in ("../up", "", "a/b", "x" * 61, "magnets 1"):
        refused = client.post(at(again), data={"_form": "watch", "_key": key, "name": name})
        assert refused.status_code == 400
    assert [one.name for one in project.shipments()[0]] == ["magnets 1"]
    flips = project.flips(120, datetime.date(2026, 11, 1))
    assert {(flip.day.isoformat(), flip.after) for flip in flips} == {
        ("2026-11-10", "licence"), ("2026-11-11", "licence"), ("2027-01-11", "licence"),
    }  # fmt: skip
    assert all(flip.clauses == ("cn-61-2025.1c",) for flip in flips)
    # Each flip is the next change of the verdict of the day before.
    for flip in flips:
        for reading in flip.readings:
            eve = flip.day - datetime.timedelta(days=1)
            before = project.check(shipments.record(kept[0].facts), eve, None, reading)[0]
            assert (before.outcome, before.next_change) == (flip.before, flip.day)
    (project.path / "shipments" / "broken.yaml").write_text("to: Atlantis\n", encoding="utf-8")
    text = client.get("/en/today").text
    assert "Atlantis" in text
    assert "magnets 1" in text
    gone = client.post(here, data={"_form": "unwatch", "_key": key, "name": "magnets 1"})
    assert gone.status_code == 303
    assert project.shipments()[0] == []
    assert (project.path / "shipments" / "magnets 1.yaml.dropped").is_file()
    (project.path / "shipments" / "broken.yaml").unlink()


def test_a_shipment_with_its_own_day_flips_no_later(tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "p")
    facts = {"item": {"form": "magnet", "composition": {"Dy": 0.03}}, "origin": "CN", "from": "JP", "to": "DE",
             "end_user": "Muster", "end_use": "civil"}  # fmt: skip
    for name, day in (("early", "2027-01-10"), ("late", "2027-01-11"), ("gone", "2026-01-01")):
        project.keep_shipment(name, {**facts, "date": day})
    found = project.flips(180, datetime.date(2026, 11, 21))
    assert [flip.shipment for flip in found] == ["late"]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"composition": "Xx 9 %"}, {"composition"}),
        ({"composition": "Nd 90 %, Dy 20 %"}, {"composition"}),
        ({"hs": "magnet"}, {"hs"}),
        ({"owners": "A: 60 %; B: 60 %"}, {"owners"}),
        ({"material": "oxide.Dy", "form": "metal"}, {"material", "form"}),
        ({"material": "oxide.Dy", "composition": "Nd 3 %"}, {"material", "composition"}),
        ({"origin": "CN", "produced": "JP"}, {"origin", "produced"}),
        ({"activity": "goods", "form": "technology"}, {"activity", "form"}),
        ({"origin": "CN", "china_value_share": "0", "composition": "Nd 3 %"}, {"origin", "china_value_share"}),
    ],
)
def test_what_the_facts_refuse_is_said_at_its_field_in_both_languages(fields: dict[str, str], wrong: set[str]) -> None:
    english, chinese = (shipping.facts_of(asking(fields, lang)).wrong for lang in urls.LANGS)
    assert set(english) == set(chinese) == wrong
    for field in wrong:
        assert english[field].isascii()
        assert re.search("[一-鿿]", chinese[field])
        # Lists of symbols and what was typed may stay; a sentence has words of small letters with blanks between.
        assert not re.search("[a-z]+ [a-z]+", chinese[field])


def test_every_kind_of_refusal_of_the_facts_has_words() -> None:
    made = set(re.findall(r'PydanticCustomError\(\s*"(\w+)"', Path(told.__file__).read_text(encoding="utf-8")))
    assert {"contradiction", "no_element"} <= made
    assert made - set(shipping.SAID) == {"share"}, "a share is read by the field itself, which says so"
    assert set(shipping.SAID.values()) <= set(shipping.WORDS)
