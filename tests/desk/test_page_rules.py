"""Home to the proof that the pages of the law say what the clauses say: on a day, as known then, as read."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.desk import histories, standing, urls
from ytterby.desk.app import create_app
from ytterby.project import Project
from ytterby.rules import regimes, verdicts
from ytterby.rules.calendar import working_days

TODAY = datetime.date(2026, 11, 21)
EVIL = "<script>alert(1)</script>"
HELD = """\
permits:
  - {id: A, exporter: Ex, end_users: [Muster], elements: [Nd, Dy], forms: [magnet], quantity_kg: 1000,
     from: 2026-06-01, until: 2026-12-31}
  - {id: G, kind: general, exporter: Ex, end_users: [Muster], from: 2026-06-01, until: 2027-06-30}
shipments:
  - {id: S1, date: 2026-07-01, exporter: Ex, end_user: Muster, elements: [Nd, Dy], form: magnet, quantity_kg: 400}
orders:
  - {id: O1, date: 2027-02-01, exporter: Ex, end_user: Muster, elements: [Nd, Dy], form: magnet, quantity_kg: 500,
     facts: {from: CN, to: DE, origin: CN, end_use: civil}}
stocks:
  - {name: "<b>magnets</b>", kg: 600, use_kg_a_day: 8}
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Project, TestClient]]:
    project = ytterby.init(tmp_path_factory.mktemp("law") / "project")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as client:
        yield project, client


def key_of(page: str) -> str:
    return html.unescape(re.findall(r'name="_key" value="([^"]+)"', page)[0])


# rules


@pytest.mark.parametrize("reading", ["lapsed_2026_11_10", "extended_2027_01_10"])
@pytest.mark.parametrize("on", ["2025-10-20", "2026-11-21"])
def test_the_list_says_how_each_instrument_stands(desk: tuple[Project, TestClient], on: str, reading: str) -> None:
    project, client = desk
    page = client.get(f"/en/rules.json?on={on}&reading={reading}").json()
    day, held = datetime.date.fromisoformat(on), project.law(None, reading)
    rows = {row["id"]: row for row in page["rows"]}
    assert set(rows) == {one.id for one in project.instruments()}
    for one in held.instruments:
        # A second way: each clause asked on the day itself.
        stands = [regimes.in_force(clause, day, held.known, reading, held.instruments) for clause in one.clauses]
        holds, halted = sum(map(bool, stands)), sum(bool(stand.by) for stand in stands)
        state = rows[one.id]["state"]
        if not one.clauses:
            assert state in ("suspends", "ended", "not_yet", "unknown_then")
        elif holds and halted:
            assert state == "in_part"
        elif holds:
            assert state in ("in_force", "stated")
        elif halted:
            assert state == "suspended"
        else:
            assert state in ("not_yet", "ended", "unknown_then")
    binding = sum(row["state"] in ("in_force", "in_part") for row in rows.values())
    suspended = sum(row["state"] == "suspended" for row in rows.values())
    assert page["title"].startswith(f"{binding} of {len(rows)} instruments bind on {on}, {suspended} are")


def test_the_next_change_is_one(desk: tuple[Project, TestClient]) -> None:
    held = desk[0].law(TODAY, "extended_2027_01_10")
    for one in standing.standings(held, TODAY):
        days = [TODAY, one.next - datetime.timedelta(days=1), one.next] if one.next else [TODAY]
        told = [_code(held, one.instrument.id, day) for day in days]
        if one.next and one.instrument.clauses:
            assert told[0] == told[1] != told[2], one.instrument.id
        later = [day for day in held.turns if day > TODAY and (one.next is None or day < one.next)]
        if one.instrument.clauses:
            assert all(_code(held, one.instrument.id, day) == told[0] for day in later)


def _code(held: verdicts.Law, name: str, day: datetime.date) -> list[str]:
    one = next(each for each in held.instruments if each.id == name)
    found = [regimes.in_force(clause, day, held.known, held.reading, held.instruments) for clause in one.clauses]
    return ["in force" if stand else f"off {stand.by}" for stand in found]


def test_facets_narrow_and_count(desk: tuple[Project, TestClient]) -> None:
    client = desk[1]
    everything = client.get("/en/rules.json").json()["rows"]
    for name, values in (
        ("state", standing.STATES),
        ("kind", standing.KINDS),
        ("authority", ["MOFCOM", "State Council"]),
    ):
        for value in values:
            rows = client.get(urls.to("rules", asked={name: value}).as_form("json").path).json()["rows"]
            wanted = [row for row in everything if value in (row["kinds"] if name == "kind" else [row[name]])]
            assert rows == wanted
    assert client.get("/en/rules?state=none").status_code == 404
    assert client.get("/en/rules?from=2027-01-01&until=2026-01-01").status_code == 400

    for day in ("9999-12-31", "0001-01-01", "2100-12-31", "1990-01-01"):
        for path in ("rules?on", "rules?known", "rules?from", "instrument/cn-61-2025?on", "instrument/cn-61-2025?known",
                     "calendar?start", "licences?applied", "licences?on", "screen?name=IHI&on", "check?form=magnet&on",
                     "check?form=magnet&known"):  # fmt: skip
            assert client.get(f"/en/{path}={day}").status_code == (200 if day[:2] in ("19", "21") else 400), path


def test_where_the_readings_part_is_told_and_drawn(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    laws = {name: project.law(TODAY, name) for name in project.readings()}
    found = standing.partings(laws, datetime.date(2025, 1, 1), datetime.date(2027, 6, 1))
    named = {name for one in found for name in one.instruments}
    differ = set()
    for day in (datetime.date(2026, 11, 9) + datetime.timedelta(days=n) for n in range(70)):
        for one in project.instruments():
            if len({str(_code(law, one.id, day)) for law in laws.values()}) > 1:
                differ.add(one.id)
    assert named == differ
    page = client.get("/en/rules.json?on=2026-11-21").json()
    section = next(one for one in page["sections"] if one["id"] == "readings")
    assert {row["reading"] for row in section["rows"]} == set(laws)
    svg = client.get("/en/rules/-/readings.svg?on=2026-11-21")
    assert svg.status_code == 200
    # One hatched span for each reading and group.
    assert svg.text.count("suspended</title>") >= len(laws)
    assert client.get("/en/rules/-/timeline.svg").text.startswith('<svg class="yt-fig"')


# instruments


def test_every_instrument_has_its_page_with_every_clause(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    for at, one in enumerate(project.instruments()):
        lang = urls.LANGS[at % 2]
        answer = client.get(f"/{lang}/instrument/{one.id}")
        assert answer.status_code == 200
        assert html.escape(one.title_zh if lang == "zh" else one.title, quote=False)[:20] in html.unescape(answer.text)
        for clause in one.clauses:
            assert f'<section id="{clause.id}"' in answer.text
            part = urls.to("instrument", one.id).as_form("csv", clause.id).path
            if at < 3:
                assert client.get(part).status_code == 200
        assert EVIL not in answer.text
    assert client.get("/en/instrument/cn-16-2025").status_code == 404
    assert "cn-61-2025" in client.get("/en/instrument/cn-61-2026").text


def test_histories_are_what_was_in_force_as_known_then(desk: tuple[Project, TestClient]) -> None:
    project, _ = desk
    law = project.law(TODAY)
    readings = project.readings()
    days = [datetime.date(2025, 4, 4), datetime.date(2025, 10, 20), datetime.date(2026, 11, 10), *law.turns[-12:]]
    for name in ("cn-61-2025", "cn-18-2025", "us-bis50", "cn-46-2024"):
        found = histories.histories(law, name, readings)
        listed = [clause for history in found for clause in history.clauses]
        assert sorted(listed) == sorted(clause.id for clause in law.clauses if clause.instrument == name)
        for history in found:
            clause = regimes.clause(history.clauses[0], law.instruments)
            for known in (datetime.date(2025, 10, 9), datetime.date(2025, 12, 1), TODAY):
                for reading in readings:
                    lane = next(
                        (one for one in history.now(known) if not one.readings or reading in one.readings), None
                    )
                    spans = () if lane is None else lane.spans
                    for day in days:
                        drawn = any(
                            a <= day and (b is None or day <= b) and state == "in force" for a, b, state in spans
                        )
                        said = regimes.in_force(clause, day, known, reading, law.instruments)
                        assert drawn == bool(said), (history.clauses[0], known, reading, day)


def test_an_instrument_names_the_materials_it_touches(desk: tuple[Project, TestClient]) -> None:
    rows = {row["clause"]: row for row in desk[1].get("/en/instrument/cn-18-2025.json").json()["rows"]}
    assert "oxide.Dy" in rows["cn-18-2025.Dy"]["materials"]
    assert "magnet.UH" in rows["cn-18-2025.Dy"]["materials"]
    assert "magnet.N" not in rows["cn-18-2025.Dy"]["materials"]
    assert "oxide.Tb" not in rows["cn-18-2025.Dy"]["materials"]
    # The form itself says the same: a shipment of the material needs a licence, of another it does not.
    for name, needs in (("oxide.Dy", True), ("oxide.La", False)):
        asked = {"material": name, "origin": "CN", "from": "CN", "to": "DE", "end_user": "M", "end_use": "civil"}
        found = desk[1].get(urls.to("check", asked=asked).as_form("json").path).json()["readings"][0]
        assert (found["outcome"] == "licence") is needs


def test_a_rule_of_the_projects_own_is_words_only(tmp_path_factory: pytest.TempPathFactory) -> None:
    project = ytterby.init(tmp_path_factory.mktemp("own") / "project")
    folder = project.path / "regimes"
    folder.mkdir(exist_ok=True)
    source = "sources: [{title: 't', confidence: C}]"
    (folder / "xx-1.yaml").write_text(
        f"id: xx-1\ntitle: '{EVIL}'\nauthority: '{EVIL}'\nissued: 2026-01-01\n{source}\nclauses:\n"
        f"  - id: xx-1.a\n    title: '{EVIL}'\n    paraphrase: '{EVIL}'\n    items: {{scope: any, text: '{EVIL}'}}\n"
        f"    trigger: export\n    outcome: licence\n    in_force: [{{from: 2026-01-01, known: 2026-01-01}}]\n"
        f"    {source}\n",
        encoding="utf-8",
    )
    with TestClient(create_app(project.path), base_url="http://localhost:8039") as client:
        for path in (
            "/en/rules",
            "/zh/rules",
            "/en/instrument/xx-1",
            "/zh/instrument/xx-1",
            "/en/check?form=magnet&from=CN",
        ):
            text = client.get(path).text
            assert EVIL not in text
            assert html.escape(EVIL) in text or "check" in path
        written = (folder / "xx-1.yaml").read_text(encoding="utf-8")
        (folder / "xx-1.yaml").write_text(written.replace("known: 2026-01-01", "known: 2026-01-02"), encoding="utf-8")
        early = client.get("/en/instrument/xx-1.json?known=2026-01-01").json()
        assert [row["in_force"] for row in early["rows"]] == [False], "the desk did not see that a rule was changed"
        (folder / "xx-1.yaml").write_text("id: [", encoding="utf-8")
        broken = client.get("/en/rules")
        assert broken.status_code == 400
        assert "xx-1.yaml" in broken.text


# names


def test_a_name_is_screened_and_decided_upon(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    page = client.get("/en/screen.json?name=Kawasaki").json()
    assert page["rows"] == [one.to_dict() for one in project.screen("Kawasaki")]
    assert page["rows"]
    key = key_of(client.get("/en/screen?name=Kawasaki").text)
    here = "/en/screen?name=Kawasaki"
    for form in ({"is": "nobody"}, {"is": "nobody", "reviewer": "Li"}, {"reviewer": "Li", "reason": "x"},
                 {"is": "=Nobody Knows", "reviewer": "Li", "reason": "x"}):  # fmt: skip
        refused = client.post(here, data={"_form": "decide", "_key": key, **form})
        assert refused.status_code in (400, 404)
        assert project.decisions() == []
    done = client.post(here, data={"_form": "decide", "_key": key, "is": "nobody", "reviewer": "Li", "reason": EVIL})
    assert done.status_code == 303
    assert [(one.name, one.party, one.reviewer) for one in project.decisions()] == [("Kawasaki", "", "Li")]
    after = client.get(here).text
    assert "decided to be nobody" in after
    assert EVIL not in after
    assert client.get("/en/screen?name=---").status_code == 400
    wrong = client.get("/en/screen?name=Kawasaki&country=Germny")
    assert wrong.status_code == 400
    assert "Germany" in wrong.text
    assert "Germny" in wrong.text


# working days


@pytest.mark.parametrize("start", ["2025-04-07", "2026-01-20", "2024-09-14"])
def test_working_days_are_counted_there_and_back(desk: tuple[Project, TestClient], start: str) -> None:
    client = desk[1]
    page = client.get(f"/en/calendar.json?start={start}&days=45").json()
    first, last = datetime.date.fromisoformat(start), datetime.date.fromisoformat(page["end"])
    assert working_days(first, last) == 45
    back = client.get(f"/en/calendar.json?start={start}&until={page['end']}").json()
    assert back["working_days"] == 45
    # Weekdays, less those off, with the weekend days worked.
    days = [first + datetime.timedelta(days=n) for n in range(1, (last - first).days + 1)]
    special = [(row["day"], row["what"]) for row in page["rows"]] if page["rows"] and "day" in page["rows"][0] else []
    special = [(row["day"], row["what"]) for one in page["sections"] if one["id"] == "days" for row in one["rows"]]
    closed = sum(what == "off" and day > start for day, what in special)
    made_up = sum(what == "worked" and day > start for day, what in special)
    assert sum(day.weekday() < 5 for day in days) - closed + made_up == 45


def test_a_count_that_cannot_be_is_refused(desk: tuple[Project, TestClient]) -> None:
    client = desk[1]
    for asked in ("days=x", "days=-1", "days=999999", "start=soon", "start=2026-02-02&until=2026-02-01",
                  "start=2000-01-01&until=2999-01-01"):  # fmt: skip
        assert client.get(f"/en/calendar?{asked}").status_code == 400
    assert "not published" in client.get("/en/calendar?start=2027-05-01").text


# licences


def test_a_dossier_is_kept_and_looked_at(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    key = key_of(client.get("/en/licences").text)
    for name, text in (("../up", HELD), ("", HELD), ("d", "permits: [{id: A}]"), ("d", "- a")):
        refused = client.post("/en/licences", data={"_form": "give", "_key": key, "name": name, "text": text})
        assert refused.status_code in (400, 404)
        assert project.dossiers() == []
    done = client.post("/en/licences", data={"_form": "give", "_key": key, "name": "ours", "text": HELD})
    assert done.status_code == 303
    page = client.get("/en/licences.json?file=ours&on=2026-11-21").json()
    assert page["position"] == project.licences(project.dossier("ours"), TODAY).to_dict()
    text = client.get("/en/licences?file=ours&on=2026-11-21").text
    assert "<b>magnets</b>" not in text
    what_if = client.get("/en/licences.json?file=ours&on=2026-11-21&revoke=G").json()["position"]["what_if"]
    assert [one["order"] for one in what_if["orders"]] == ["O1"]
    assert client.get("/en/licences?file=theirs").status_code == 400
    assert client.get("/en/licences?file=ours&revoke=Z").status_code == 400
    again = client.post("/en/licences", data={"_form": "give", "_key": key, "name": "ours", "text": HELD + "\n"})
    assert again.status_code == 400
    assert project.dossier("ours").read_text(encoding="utf-8") == HELD


def test_the_curve_of_decisions_goes_through_what_is_told(desk: tuple[Project, TestClient]) -> None:
    project, client = desk
    page = client.get("/en/licences.json?applied=2026-08-03").json()
    assert page["outlook"] == project.calendar(datetime.date(2026, 8, 3)).to_dict()
    rows = next(one["rows"] for one in page["sections"] if one["id"] == "wait")
    for name in ("median", "p05", "p95"):
        shares = [row[name] for row in rows]
        assert shares == sorted(shares)
        assert 0 <= shares[0] <= shares[-1] <= 100
    half = page["outlook"]["decided"][0]["days"]
    before = max(row["median"] for row in rows if row["days"] <= half)
    after = min(row["median"] for row in rows if row["days"] >= half)
    assert before <= 51
    assert after >= 49


def test_nothing_of_the_law_is_lost_in_a_narrower_one(desk: tuple[Project, TestClient]) -> None:
    """The history of an instrument is the same whether or not the other instruments stand beside it."""
    law = desk[0].law(TODAY)
    alone = replace(law, instruments=tuple(one for one in law.instruments if one.id in ("cn-61-2025", "cn-70-2025")))
    readings = list(regimes.readings(law.instruments))
    assert histories.histories(law, "cn-61-2025", readings) == histories.histories(alone, "cn-61-2025", readings)
