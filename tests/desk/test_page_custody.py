"""Home to the proof that the pages of custody say what the ledger holds, and that what is sent to them is kept."""

from __future__ import annotations

import html
import io
import json
import re
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any
from urllib.parse import quote

import orjson
import pytest
import yaml
from starlette.testclient import TestClient

import ytterby
from ytterby.custody import disclosure
from ytterby.custody.alarms.line import ENGLISH
from ytterby.custody.balance import balance
from ytterby.custody.epcis import emit
from ytterby.custody.event import Event
from ytterby.custody.ledger import merkle
from ytterby.custody.passport import checking
from ytterby.desk import alarming, descending, evidenced, tracked, urls
from ytterby.desk.app import create_app
from ytterby.project import Project

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "custody"))

import magnets

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}
PLAIN = ("custody", "lots", "alarms", "shipments", "monthly", "ledger")


def lines(events: list[Event]) -> bytes:
    return b"\n".join(orjson.dumps(emit.raw(one)) for one in events)


def kept(project: Project) -> None:
    """The chain told by hand, with one lot shipped on of which nothing came."""
    wrong = magnets.sent(60, "detroit", "detroit", "narita", magnets.piece("M1", "what", 500, "magnet.SH"))
    done = project.capture([lines([*magnets.chain(), *wrong])], workers=0)
    assert not done.refused
    registry = magnets.REGISTRY.model_dump(mode="json", exclude_defaults=True)
    (project.custody / "registry.yaml").write_text(yaml.safe_dump(registry), encoding="utf-8")
    (project.custody / "permits.yaml").write_text(magnets.PERMITS, encoding="utf-8")


@pytest.fixture(scope="module")
def stocked_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, TestClient]]:
    """One desk for tests after which nothing has changed."""
    project = ytterby.init(tmp_path_factory.mktemp("custody") / "project")
    kept(project)
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield project, one


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Project, TestClient]]:
    project = ytterby.init(tmp_path / "project")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield project, one


def told(client: TestClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:2000]
    return answer.json()


def sent(client: TestClient, path: str, form: str, **fields: str) -> Any:
    key = re.search(r'name="_key" value="([^"]+)"', client.get(path).text)
    assert key
    return client.post(path, data={"_form": form, "_key": key[1], **fields}, headers=OWN)


def at(page: str, name: str, **asked: str) -> str:
    return urls.to(page, name, asked=asked).path


# before anything is captured


@pytest.mark.parametrize("lang", urls.LANGS)
@pytest.mark.parametrize("page", PLAIN)
def test_an_empty_project_says_how_to_begin(desk: tuple[Project, TestClient], page: str, lang: urls.Lang) -> None:
    text = desk[1].get(urls.to(page, lang=lang).path).text
    assert ("Nothing is tracked yet" if lang == "en" else "尚未追溯任何物料") in text
    assert "form-capture" in text or "#capture" in text


@pytest.mark.parametrize("page", ["lot", "plant", "alarm", "passport", "event", "head", "proof", "passport-file"])
def test_nothing_is_found_where_nothing_is(desk: tuple[Project, TestClient], page: str) -> None:
    assert desk[1].get(at(page, "nobody")).status_code == 404


def test_a_file_is_captured_as_a_job_and_what_is_wrong_is_told(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    good = lines(magnets.chain()[:2])
    answer = sent(client, "/en/custody", "capture", text=(good + b'\n{"type": "ObjectEvent"}').decode())
    assert answer.status_code == 303
    job = answer.headers["location"].rpartition("/")[2]
    end = time.monotonic() + 60
    while (now := client.get(f"/api/jobs/{job}").json())["state"] in ("waiting", "running"):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert now["state"] == "done", now
    assert (now["result"]["captured"], len(now["result"]["refused"])) == (2, 1)
    assert not list((project.path / "desk" / "incoming").iterdir()), "what was captured is not kept twice"
    text = client.get(f"/en/job/{job}").text
    assert "2 events captured, 0 were there already, 1 refused" in text
    found = told(client, "/en/custody.json")
    assert found["head"]["size"] == len(project.events()) == 2
    assert "refused" in {one["id"] for one in found["sections"]}


def test_nothing_sent_is_refused(desk: tuple[Project, TestClient]) -> None:
    answer = sent(desk[1], "/en/custody", "capture", text="  ")
    assert answer.status_code == 400
    assert "nothing was sent" in answer.text


@pytest.mark.parametrize("spoken", urls.LANGS)
def test_a_template_read_back_is_captured(desk: tuple[Project, TestClient], spoken: urls.Lang) -> None:
    project, client = desk
    answer = client.get(at("template", "object", **{"in": spoken}))
    assert "attachment" in answer.headers["content-disposition"]
    done = project.capture([answer.content], workers=0)
    assert (done.captured, done.refused) == (1, ())
    assert client.get(at("template", "nothing")).status_code == 404


# lots


def test_the_address_of_a_lot_leads_there_and_back(stocked_desk: tuple[Project, TestClient]) -> None:
    _, client = stocked_desk
    for name in ("M1", "ox-b"):
        address = urls.to("lot", magnets.lot(name))
        assert urls.parse(address.path) == address
        assert client.get(address.path).status_code == 200
        assert told(client, address.as_form("json").path)["trace"]["lot"] == magnets.lot(name)
    other = client.get(urls.to("lots", asked={"q": magnets.lot("M1")}).path)
    assert other.headers["location"] == urls.to("lot", magnets.lot("M1")).path
    assert client.get(at("lot", magnets.lot("none"))).status_code == 404


def test_lots_are_found_by_a_part_of_their_name(stocked_desk: tuple[Project, TestClient]) -> None:
    project, client = stocked_desk
    book = project.book()
    names = [book.lot_name(code) for code in range(book.lots)]
    for part in ("ox-", "lot/M", "chain.example/lot", "M1https", "nowhere", "例"):
        found = told(client, urls.to("lots", asked={"q": part}).as_form("json").path)["rows"]
        assert [one["lot"] for one in found] == [one for one in names if part in one], part


def test_origins_on_the_page_are_those_of_the_trace(stocked_desk: tuple[Project, TestClient]) -> None:
    project, client = stocked_desk
    page = told(client, urls.to("lot", magnets.lot("M1")).as_form("json").path)
    trace = project.trace(magnets.lot("M1"))
    shown = {(one["facility"], one["basis"]): one["share"] for one in page["rows"]}
    assert shown == {(one.facility, basis): float(share) for one in trace.origins for basis, share in one.share.items()}
    # by mass of dysprosium: 6 kg of Baotou's in 100 kg of oxide, 1 kg of Mount Weld's in the 50 kg that were used
    assert shown["baotou", "Dy"] == pytest.approx(6 / 7)
    assert page["title"] == "86\u00a0% of the dysprosium in this lot comes from baotou"


def test_the_genealogy_draws_every_lot_once(stocked_desk: tuple[Project, TestClient]) -> None:
    _, client = stocked_desk
    path = urls.to("lot", magnets.lot("al")).as_form("json", "genealogy").path
    rows = told(client, path)["rows"]
    ends = {(one["source"].rpartition("/")[2], one["target"].rpartition("/")[2]) for one in rows}
    assert ends == {("ore-b", "ox-b"), ("ore-w", "ox-w"), ("ox-b", "al"), ("ox-w", "al"), ("al", "M1"), ("al", "M2")}
    masses = {one["source"].rpartition("/")[2]: one["value"] for one in rows if one["target"].endswith("/al")}
    assert masses == {"ox-b": 100.0, "ox-w": 50.0}
    svg = client.get(urls.to("lot", magnets.lot("al")).as_form("svg", "genealogy").path).text
    assert svg.count("ore-b") >= 1
    assert svg.startswith('<svg class="yt-fig"')


def test_many_lots_are_drawn_by_facility_and_counted(
    stocked_desk: tuple[Project, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, client = stocked_desk
    whole = told(client, at("lot", magnets.lot("M2")) + ".json")
    monkeypatch.setattr(descending, "FEW", 1)
    again = told(client, at("lot", magnets.lot("M2"), models="1").replace("?", ".json?"))
    before, after = (
        next(one for one in page["sections"] if one["id"] == "genealogy")["rows"] for page in (whole, again)
    )
    assert {one["source"] for one in after} == {"baotou", "weld", "ganzhou", "kuantan", "ningbo"}
    assert sum(one["value"] for one in after) == pytest.approx(sum(one["value"] for one in before))


def test_a_recall_holds_what_the_trace_holds(stocked_desk: tuple[Project, TestClient]) -> None:
    project, client = stocked_desk
    page = told(client, at("lot", magnets.lot("ox-w"), down="1").replace("?", ".json?"))
    holders = project.trace(magnets.lot("ox-w"), down=True).holders
    assert sorted((one["lot"], one["kg"]) for one in page["rows"]) == sorted((one.lot, one.kg) for one in holders)


# balance, alarms, shipments, report


def test_the_balance_is_the_balance(stocked_desk: tuple[Project, TestClient]) -> None:
    project, client = stocked_desk
    for name in ("ningbo", "detroit"):
        book = project.book()
        lines = [one.to_dict() for one in balance(project.ground(book), name)]
        book.close()
        assert told(client, at("plant", name) + ".json")["rows"] == json.loads(json.dumps(lines))
    moved = client.get(at("plant", f"{magnets.BASE}/place/ningbo"))
    assert moved.headers["location"] == at("plant", "ningbo")


def test_alarms_are_those_of_the_project_and_are_triaged(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    kept(project)
    found = project.alarms()
    rows = told(client, "/en/alarms.json")["rows"]
    assert [one["id"] for one in rows] == [one.alarm.id for one in found]
    assert found, "more magnets were shipped from Detroit than came"
    name = found[0].alarm.id
    refused = sent(client, f"/en/alarm/{name}", "triage", state="explained", who="Li", why="")
    assert refused.status_code == 400
    assert sent(client, f"/en/alarm/{name}", "triage", state="explained", who="Li", why="一份旧盘点").status_code == 303
    assert sent(client, f"/en/alarm/{name}", "triage", state="open", who="Wu", why="").status_code == 303
    page = told(client, f"/en/alarm/{name}.json")
    assert [(one["who"], one["state"], one["why"]) for one in page["history"]] == [
        ("Li", "explained", "一份旧盘点"), ("Wu", "open", ""),
    ]  # fmt: skip
    assert sent(client, f"/en/alarm/{name}", "triage", state="dismissed", who="Wu", why="no").status_code == 303
    told_open = told(client, "/en/custody.json")["alarms_open"]
    assert told_open == len(found) - 1
    kinds = {one["state"] for one in told(client, "/en/alarms.json?state=dismissed")["rows"]}
    assert kinds == {"dismissed"}


def test_every_kind_of_alarm_has_words() -> None:
    from ytterby.custody.alarms.finding import detectors

    kinds = {kind for one in detectors() for kind in (one.kinds or (one.name,))}
    assert kinds <= set(alarming.KINDS)


def test_what_detectors_say_is_said_in_chinese(stocked_desk: tuple[Project, TestClient]) -> None:
    project, client = stocked_desk
    text = client.get("/zh/alarms").text
    for one in project.alarms():
        assert evidenced.told(one.alarm.found, "zh") in html.unescape(text)
        for line in (one.alarm.found, *one.alarm.lines):
            assert evidenced.told(line, "en") == str(line)
    assert "警报" in text


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_line_of_a_detector_has_its_figures_in_both_languages() -> None:
    assert set(evidenced.CHINESE) == set(ENGLISH)
    for key, words in ENGLISH.items():
        assert fields(evidenced.CHINESE[key]) <= fields(words), key
        # of what is found every figure is said; only what the Chinese leaves out by its grammar may be missing
        assert len(fields(words) - fields(evidenced.CHINESE[key])) <= 1, key


def test_shipments_are_those_of_the_project(stocked_desk: tuple[Project, TestClient]) -> None:
    project, client = stocked_desk
    page = told(client, "/en/shipments.json")
    drawn = project.drawn_down()
    by_id = {one["shipment"]: one for one in page["rows"]}
    assert by_id == {one.crossing.id: json.loads(json.dumps(one.to_dict())) for one in drawn.sent}
    assert page["counts"] == drawn.counts()
    covered = told(client, "/en/shipments.json?state=covered")["rows"]
    assert {one["state"] for one in covered} <= {"covered"}
    case = told(client, "/en/shipments.json?suspended=cn-18-2025")
    moved = next(one for one in case["sections"] if one["id"] == "what-if")["rows"]
    assert sum(one["shipments"] for one in moved) == len(project.shipments_if(["suspended=cn-18-2025"]).changed)


def test_a_report_with_withheld_names_comes_with_what_opens_them(stocked_desk: tuple[Project, TestClient]) -> None:
    project, client = stocked_desk
    assert "2026-02-10" in client.get("/en/monthly?month=2026-01").text
    answer = client.get(at("report-monthly", "2026-01", names="none"))
    files = zipfile.ZipFile(io.BytesIO(answer.content))
    hidden = json.loads(files.read("2026-01.json"))
    assert "ningbo" not in json.dumps(hidden["facilities"])
    whole, _ = project.report_monthly("2026-01")
    opened = disclosure.opened(hidden, json.loads(files.read("openings.json")))
    assert opened["facilities"] == whole["facilities"]
    assert b"2026-01" in files.read("2026-01-stocks.csv")
    assert client.get("/en/monthly?month=never").status_code == 400


# ledger and passport


def test_a_passport_saved_from_the_page_verifies(stocked_desk: tuple[Project, TestClient]) -> None:
    project, client = stocked_desk
    name = magnets.lot("M2")
    page = told(client, at("passport", name) + ".json")
    document = client.get(at("passport-file", name)).json()
    assert document["digest"] == page["digest"]
    assert checking.check(document, project.head(), expected=page["digest"], held=project.law()).sound
    document["item"]["micrograms"] += 1
    assert not checking.check(document, project.head(), expected=page["digest"], held=project.law()).sound
    text = client.get(at("passport", name)).text
    assert page["digest"] in text
    hidden = zipfile.ZipFile(io.BytesIO(client.get(at("passport-file", name, names="none")).content))
    assert "openings.json" in hidden.namelist()


def test_an_event_is_found_by_number_and_name_and_is_proved(stocked_desk: tuple[Project, TestClient]) -> None:
    project, client = stocked_desk
    for one in project.events()[:3]:
        page = told(client, f"/en/event/{one.sequence}.json")
        assert page["id"] == one.id
        assert client.get(at("event", one.id)).headers["location"] == f"/en/event/{one.sequence}"
        proof = client.get(f"/en/proof/{one.sequence}").json()
        head = proof["head"]
        path = [bytes.fromhex(node) for node in proof["proof"]]
        leaf, root = bytes.fromhex(proof["digest"]), bytes.fromhex(head["root"])
        assert merkle.included(leaf, proof["index"], head["size"], path, root)
    assert client.get("/en/event/99999").status_code == 404


def test_a_head_is_held_against_the_ledger(stocked_desk: tuple[Project, TestClient]) -> None:
    project, client = stocked_desk
    head = client.get(at("head", str(project.head()["size"]))).json()
    assert head == project.head()
    fine = client.get(f"/en/ledger?published={quote(json.dumps(head))}").text
    assert "still begins with all" in fine
    forged = {**head, "root": "00" * 32}
    assert "is not the one of that head" in client.get(f"/en/ledger?published={quote(json.dumps(forged))}").text
    assert client.get("/en/ledger?published=nonsense").status_code == 400
    assert client.get(at("head", "7")).status_code == 404


def test_a_registry_that_cannot_be_read_is_told_and_takes_no_page_along(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    kept(project)
    (project.custody / "registry.yaml").write_text("facilities: [{id: x}]\n", encoding="utf-8")
    answer = client.get("/en/custody")
    assert answer.status_code == 200
    assert "addresses" in answer.text


def test_what_is_derived_is_made_once_for_a_head(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    kept(project)
    first = tracked.tracked(project)
    assert first is not None
    assert tracked.tracked(project) is first
    ground = first.ground
    sent(client, f"/en/alarm/{project.alarms()[0].alarm.id}", "triage", state="looking", who="Li", why="")
    again = tracked.tracked(project)
    assert again is first
    assert again.ground is ground
    project.capture([lines(magnets.sent(70, "narita", "narita", "detroit", magnets.piece("M2", "what", 1)))], workers=0)
    after = tracked.tracked(project)
    assert after is not None
    assert after is not first
    assert len(after.book) == len(first.book) + 2


@pytest.mark.parametrize("lang", urls.LANGS)
def test_every_page_about_something_opens(stocked_desk: tuple[Project, TestClient], lang: urls.Lang) -> None:
    project, client = stocked_desk
    lot = magnets.lot("M1")
    alarm = project.alarms()[0].alarm.id
    for page, name in (("lot", lot), ("passport", lot), ("plant", "ningbo"), ("alarm", alarm), ("event", "3")):
        answer = client.get(urls.to(page, name, lang=lang).path)
        assert answer.status_code == 200
        csv = client.get(urls.to(page, name, lang=lang).as_form("csv").path)
        assert csv.status_code == 200
