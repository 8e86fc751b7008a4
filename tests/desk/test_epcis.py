"""The EPCIS interface: capture jobs, single events, queries and pages, discovery, refusals; and its own description."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.custody.events import born, chain, document, lot, turned

import ytterby
from ytterby.desk.app import create_app


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    project = ytterby.init(tmp_path / "project")
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield one


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A desk at which a chain of thirty events was captured; its tests only ask."""
    project = ytterby.init(tmp_path_factory.mktemp("epcis") / "project")
    project.capture([json.dumps(document(list(chain(30)))).encode()])
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield one


def _done(client: TestClient, address: str) -> dict[str, Any]:
    for _ in range(400):
        job: dict[str, Any] = client.get(address).json()
        if not job["running"]:
            return job
        time.sleep(0.02)
    raise AssertionError("the job does not end")


def _events(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return found


def _pages(client: TestClient, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while address:
        answer = client.get(address)
        found += _events(answer)
        told = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("link", ""))
        address = told[1] if told else ""
    return found


def test_a_document_becomes_a_job_and_then_events(client: TestClient) -> None:
    taken = client.post("/epcis/capture", json=document(list(chain(6))))
    assert taken.status_code == 202
    job = _done(client, taken.headers["location"])
    assert (job["success"], job["errors"], job["captureErrorBehaviour"]) == (True, [], "rollback")
    found = _events(client.get("/epcis/events"))
    assert [one["eventID"] for one in found] == [one["eventID"] for one in chain(6)]
    assert all(one["recordTime"].endswith("Z") for one in found)
    assert [one["captureID"] for one in client.get("/epcis/capture").json()] == [job["captureID"]]


@pytest.mark.parametrize(("behaviour", "captured"), [("rollback", 0), ("proceed", 2)])
def test_what_happens_to_the_rest_of_a_document_with_a_flaw(client: TestClient, behaviour: str, captured: int) -> None:
    told = document([born(1), born(2) | {"eventTime": "2099-01-01T00:00:00Z"}, born(3)])
    taken = client.post("/epcis/capture", json=told, headers={"GS1-Capture-Error-Behaviour": behaviour})
    job = _done(client, taken.headers["location"])
    assert not job["success"]
    assert job["errors"][0]["type"] == "epcisException:ValidationException"
    assert len(_events(client.get("/epcis/events"))) == captured


def test_one_event_at_a_time(client: TestClient) -> None:
    made = client.post("/epcis/events", json=born(1))
    assert made.status_code == 201
    assert made.json()["eventID"] == born(1)["eventID"]
    assert client.post("/epcis/events", json=born(1)).status_code == 201
    assert [one["eventID"] for one in _events(client.get(made.headers["location"]))] == [born(1)["eventID"]]
    other = client.post("/epcis/events", json=born(1, kg=7))
    assert (other.status_code, other.json()["type"]) == (409, "epcisException:ResourceAlreadyExistsException")
    wrong = client.post("/epcis/events", json=turned(5, [1], 9) | {"bizStep": "no such step"})
    assert (wrong.status_code, wrong.headers["content-type"]) == (400, "application/problem+json")
    assert len(_events(client.get("/epcis/events"))) == 1


def test_two_clients_at_once(client: TestClient) -> None:
    jobs: list[str] = []

    def send(begin: int) -> None:
        for n in range(begin, begin + 20, 5):
            told = document([born(k) for k in range(n, n + 8)])  # each overlaps the next
            jobs.append(client.post("/epcis/capture", json=told).headers["location"])
            client.post("/epcis/events", json=born(100 + n))

    both = [threading.Thread(target=send, args=(begin,)) for begin in (0, 10)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert all(_done(client, job)["success"] for job in jobs)
    found = [one["eventID"] for one in _pages(client, "/epcis/events?perPage=7")]
    wanted = {*range(33), *(100 + n for n in (0, 5, 10, 15, 20, 25))}
    assert sorted(found) == sorted(born(n)["eventID"] for n in wanted)


QUERIES = [
    ("", lambda e: True),
    ("eventType=TransformationEvent", lambda e: e["type"] == "TransformationEvent"),
    ("EQ_action=ADD", lambda e: e.get("action") == "ADD"),
    ("EQ_bizStep=commissioning|shipping", lambda e: True),
    ("EQ_bizStep=urn:epcglobal:cbv:bizstep:shipping", lambda e: False),
    ("GE_eventTime=2026-03-01T08:00:10Z", lambda e: e["eventTime"] >= "2026-03-01T08:00:10"),
    ("LT_eventTime=2026-03-01T16:00:10%2B08:00", lambda e: e["eventTime"] < "2026-03-01T08:00:10"),
    ("GE_recordTime=2099-01-01T00:00:00Z", lambda e: False),
    ("EQ_bizLocation=https://example.org/places/1", lambda e: e["bizLocation"]["id"].endswith("/1")),
    (f"MATCH_anyEPCClass={lot(3)}", lambda e: lot(3) in json.dumps(e).split('"')),
    (f"MATCH_inputEPCClass={lot(3)}|{lot(4)}", lambda e: lot(4) in json.dumps(e.get("inputQuantityList", ""))),
    (f"MATCH_epcClass={lot(3)}", lambda e: e["type"] == "ObjectEvent" and lot(3) in json.dumps(e).split('"')),
    (f"MATCH_epc={lot(3)}", lambda e: False),
    ("GT_quantity=50", lambda e: any(q["quantity"] > 50 for q in e.get("quantityList", ()))),
    ("EQ_quantity_KGM=18", lambda e: any(q["quantity"] == 18 for q in e.get("outputQuantityList", ()))),
    ("EXISTS_errorDeclaration=true", lambda e: False),
    (f"EQ_eventID={born(4)['eventID']}", lambda e: e["eventID"] == born(4)["eventID"]),
    ("EQ_disposition=active", lambda e: False),
]


@pytest.mark.parametrize(("query", "fits"), QUERIES, ids=[query for query, _ in QUERIES])
def test_queries_answer_with_the_events_that_fit(filled: TestClient, query: str, fits: Any) -> None:
    found = [one["eventID"] for one in _pages(filled, f"/epcis/events?perPage=4&{query}")]
    assert found == [one["eventID"] for one in chain(30) if fits(one)]


def test_order_and_bounds(filled: TestClient) -> None:
    up = [one["eventID"] for one in _pages(filled, "/epcis/events?orderBy=eventTime&orderDirection=ASC&perPage=7")]
    down = [one["eventID"] for one in _pages(filled, "/epcis/events?orderBy=eventTime&perPage=7")]
    assert up == down[::-1] == [one["eventID"] for one in chain(30)]
    few = _pages(filled, "/epcis/events?orderBy=eventTime&eventCountLimit=10&perPage=4")
    assert [one["eventID"] for one in few] == down[:10]
    assert filled.get("/epcis/events?maxEventCount=29").status_code == 413
    assert len(_events(filled.get("/epcis/events?maxEventCount=30"))) == 30


def test_a_page_token_is_of_its_question(filled: TestClient) -> None:
    token = re.search(r"nextPageToken=([^>&]+)", filled.get("/epcis/events?perPage=4").headers["link"])
    assert token
    assert filled.get(f"/epcis/events?perPage=4&nextPageToken={token[1]}").status_code == 200
    assert filled.get(f"/epcis/events?perPage=4&EQ_action=ADD&nextPageToken={token[1]}").status_code == 400


def test_what_is_captured_meanwhile_does_not_come_in_between(client: TestClient) -> None:
    for n in range(4):
        client.post("/epcis/events", json=born(n))
    first = client.get("/epcis/events?perPage=2&orderBy=eventTime")
    client.post("/epcis/events", json=born(99))
    after = first.headers["link"].partition(">")[0][1:]
    assert [one["eventID"] for one in _events(first) + _events(client.get(after))] == [
        born(n)["eventID"] for n in (3, 2, 1, 0)
    ]


def test_resources(filled: TestClient) -> None:
    assert set(filled.get("/epcis/").json()["member"]) >= {"events", "capture", "epcs"}
    assert filled.get("/epcis/bizSteps").json()["member"] == ["commissioning"]
    places = filled.get("/epcis/bizLocations?perPage=3")
    assert len(places.json()["member"]) == 3
    assert len(filled.get(places.headers["link"].partition(">")[0][1:]).json()["member"]) == 1
    name = quote(lot(3), safe="")
    assert filled.get(f"/epcis/epcs/{name}").json()["member"] == ["events"]
    assert len(_events(filled.get(f"/epcis/epcs/{name}/events"))) == 2
    assert filled.get("/epcis/epcs/nothing").status_code == 404
    assert len(_events(filled.get("/epcis/bizSteps/commissioning/events?eventType=ObjectEvent"))) == 20
    assert len(_events(filled.get("/epcis/eventTypes/TransformationEvent/events"))) == 10
    assert filled.get("/epcis/eventTypes/Nothing").status_code == 404
    assert filled.get("/epcis/events/nothing").status_code == 404


REGISTRY = """
facilities:
  - {id: north, addresses: ["https://example.org/places/1"], place: CN, stage: mine, lat: 41.8, lon: 110.0}
  - {id: south, addresses: ["https://example.org/places/2"], place: MY, name: South Works}
parties:
  - {id: firm, addresses: ["https://example.org/firms/1"], place: CN, end_use: civil}
"""


def _at(*places: int) -> Any:
    return lambda n: n % 4 in places


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("EQATTR_bizLocation_countryCode=CN", _at(1)),
        ("EQATTR_bizLocation_countryCode=CN|MY", _at(1, 2)),
        ("EQ_ATTR_bizLocation_urn:epcglobal:cbv:mda:countryCode=MY", _at(2)),
        ("EQATTR_bizLocation_cbvmda:name=South Works", _at(2)),
        ("EQATTR_bizLocation_ytt:stage=mine", _at(1)),
        ("EQATTR_bizLocation_countryCode=DE", _at()),
        ("HASATTR_bizLocation=latitude", _at(1)),
        ("HASATTR_bizLocation=latitude|name", _at(1, 2)),
        ("HASATTR_bizLocation=https://ytterby.org/epcis/stage", _at(1)),
        ("HASATTR_readPoint=countryCode", _at()),
        ("HASATTR_bizStep=countryCode", _at()),
        ("HASATTR_ytt:thing=countryCode", _at()),
        ("EQATTR_source_possessing_party_countryCode=CN", lambda n: n == 5),
        ("EQATTR_source_owning_party_countryCode=CN", _at()),
        ("EQATTR_source_ytt:endUse=civil", lambda n: n == 5),
        ("EQATTR_destination_countryCode=CN", _at()),
        ("EXISTS_sensorElementList=true", lambda n: n == 7),
        ("GE_value_CEL=21.5", lambda n: n == 7),
        ("GT_value_CEL=21.5", _at()),
        ("GE_value_FAH=1", _at()),
        ("LE_percRank=60", lambda n: n == 7),
        ("GE_time=2026-03-01T08:00:00Z", lambda n: n == 7),
        ("LT_time=2026-03-01T08:00:00Z", _at()),
        ("EQ_SENSORREPORT_ytt:probe=9", lambda n: n == 7),
        ("EXISTS_SENSORMETADATA_ytt:probe=true", _at()),
        ("EQ_bizLocation_ytt:hall=3", lambda n: n == 6),
        ("EQ_readPoint_ytt:hall=3", _at()),
    ],
)  # fmt: skip
def test_attributes_sensors_and_fields_of_places(attributed: TestClient, query: str, fits: Any) -> None:
    name, _, value = query.partition("=")
    found = _events(attributed.get("/epcis/events", params={name: value}))
    assert [one["eventID"] for one in found] == [born(n)["eventID"] for n in range(12) if fits(n)]


@pytest.fixture(scope="module")
def attributed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A desk with a registry, and twelve events of which some have a source, a sensor, a field below a place."""
    project = ytterby.init(tmp_path_factory.mktemp("attributed") / "project")
    project.custody.mkdir(exist_ok=True)
    (project.custody / "registry.yaml").write_text(REGISTRY)
    told = [born(n) for n in range(12)]
    told[5]["sourceList"] = [{"type": "possessing_party", "source": "https://example.org/firms/1"}]
    told[6]["bizLocation"]["ytt:hall"] = "3"
    told[7]["sensorElementList"] = [
        {"sensorMetadata": {"time": "2026-03-01T08:00:07Z"},
         "sensorReport": [{"type": "Temperature", "value": 21.5, "uom": "CEL", "percRank": 50, "ytt:probe": "9"}]}
    ]  # fmt: skip
    done = project.capture([json.dumps(document(told)).encode()])
    assert not done.refused, done.refused
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield one


def test_a_named_query_answers_as_its_parameters_do(client: TestClient) -> None:
    for n in range(8):
        client.post("/epcis/events", json=born(n))
    asked = {"EQ_bizLocation": ["https://example.org/places/1", "https://example.org/places/2"],
             "GT_quantity": 50, "EXISTS_errorDeclaration": False}  # fmt: skip
    made = client.post("/epcis/queries", json={"name": "两 places", "query": asked})
    assert (made.status_code, made.text) == (201, "")
    where = made.headers["location"]
    assert client.get(where).json() == {"name": "两 places", "query": asked}
    assert client.get("/epcis/queries").json() == [client.get(where).json()]
    found = _pages(client, f"{where}/events?perPage=3")
    assert [one["eventID"] for one in found] == [born(n)["eventID"] for n in (1, 2, 5, 6)]
    client.post("/epcis/events", json=born(9))
    assert len(_events(client.get(f"{where}/events"))) == 5
    xml = client.get(f"{where}/events", headers={"accept": "application/xml"})
    assert xml.content.startswith(b"<?xml")
    again = client.post("/epcis/queries", json={"name": "两 places", "query": {}})
    assert (again.status_code, again.json()["type"]) == (409, "epcisException:ResourceAlreadyExistsException")
    assert client.options(where).headers["allow"] == "OPTIONS, GET, DELETE"
    assert client.options("/epcis/queries").headers["allow"] == "OPTIONS, GET, POST"
    assert client.delete(where).status_code == 204
    assert (client.get(where).status_code, client.delete(where).status_code) == (404, 404)
    assert client.get(f"{where}/events").status_code == 404
    assert client.get("/epcis/queries").json() == []


@pytest.mark.parametrize(
    "wrong",
    [{}, {"name": "x"}, {"name": "", "query": {}}, {"name": "a/b", "query": {}}, {"name": "x" * 201, "query": {}},
     {"name": "x", "query": []}, {"name": "x", "query": {"nothing": 1}}, {"name": "x", "query": {"eventType": {}}},
     {"name": "x", "query": {"GE_eventTime": "soon"}}, {"name": "x", "query": {"eventType": []}},
     {"name": 7, "query": {}},
     {"name": "x", "query": {"eventCountLimit": 2, "maxEventCount": 3}}, {"name": "x", "query": {}, "more": 1}],
)  # fmt: skip
def test_a_query_that_cannot_be_understood_gets_no_name(filled: TestClient, wrong: Any) -> None:
    answer = filled.post("/epcis/queries", json=wrong)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert filled.get("/epcis/queries").json() == []


def test_subscriptions_are_refused_with_the_reason(client: TestClient) -> None:
    client.post("/epcis/queries", json={"name": "mine", "query": {"eventType": ["ObjectEvent"]}})
    there = "/epcis/queries/mine"
    for answer in (
        client.get(f"{there}/subscriptions"), client.post(f"{there}/subscriptions", json={"dest": "https://a.example"}),
        client.delete(f"{there}/subscriptions/1"), client.get(f"{there}/events?stream=true"),
        client.get(f"{there}/events", headers={"GS1-Query-Minute": "5"}),
    ):  # fmt: skip
        assert (answer.status_code, answer.headers["content-type"]) == (501, "application/problem+json")
        assert "GE_recordTime" in answer.json()["detail"]
    assert client.get("/epcis/queries/other/subscriptions").status_code == 404
    assert client.get(f"{there}/events?EQ_action=ADD").status_code == 400


def test_forms_versions_and_methods(filled: TestClient) -> None:
    xml = filled.get("/epcis/events", headers={"accept": "application/xml"})
    assert xml.headers["content-type"].startswith("application/xml")
    assert xml.content.startswith(b"<?xml")
    for headers in ({"accept": "image/png"}, {"GS1-EPCIS-Min": "3.0"}, {"GS1-EPCIS-Max": "1.2"}):
        assert filled.get("/epcis/events", headers=headers).status_code == 406
    told = filled.options("/epcis/capture")
    assert (told.status_code, told.headers["gs1-epcis-version"]) == (204, "2.0.0")
    assert told.headers["allow"] == "OPTIONS, GET, POST"
    assert filled.delete("/epcis/events").status_code == 405
    assert "GET" in filled.delete("/epcis/events").headers["allow"]
    assert filled.post("/epcis/capture", content=b"x", headers={"content-type": "image/png"}).status_code == 415
    for body in (b"{", b"[]", b"7"):
        sent = filled.post("/epcis/capture", content=body, headers={"content-type": "application/json"})
        assert sent.status_code == 400


@pytest.mark.parametrize(
    "query",
    ["perPage=0", "perPage=x", "perPage=1001", "nextPageToken=x", "GE_eventTime=yesterday", "EQ_bizStep=", "nothing=1",
     "HASATTR_x=1", "HASATTR_bizLocation_name=1", "EQATTR_bizLocation=CN", "EXISTS_sensorElementList=7",
     "orderBy=quantity", "eventType=Event", "EXISTS_errorDeclaration=maybe", "GT_quantity=much",
     "eventCountLimit=2&maxEventCount=3", "eventCountLimit=-1"],
)  # fmt: skip
def test_questions_that_cannot_be_understood(filled: TestClient, query: str) -> None:
    answer = filled.get(f"/epcis/events?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["type"].startswith("epcisException:Query")


def test_the_guard_stands_before_it(tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "project")
    with TestClient(create_app(project.path, token="secret", largest=1000), base_url="http://localhost:8039") as one:
        assert one.get("/epcis/events").status_code == 401
        assert one.get("/epcis/events").headers["content-type"] == "application/problem+json"
        known = {"authorization": "Bearer secret"}
        assert one.get("/epcis/events", headers=known).status_code == 200
        assert one.get("/epcis/events", headers={**known, "host": "elsewhere.example"}).status_code == 403
        assert one.post("/epcis/capture", headers=known, json={"x": "y" * 2000}).status_code == 413
        from_elsewhere = {**known, "origin": "https://elsewhere.example"}
        assert one.post("/epcis/events", headers=from_elsewhere, json=born(1)).status_code == 403


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_wild_questions_are_answered_or_refused(filled: TestClient, name: str, value: str) -> None:
    asked = f"{quote(name, safe='')}={quote(value, safe='')}"
    for address in (
        f"/epcis/events?{asked}",
        f"/epcis/epcs/{quote(name, safe='')}/events",
        f"/epcis/capture/{quote(name, safe='')}",
        f"/epcis/queries/{quote(name, safe='')}",
    ):
        assert filled.get(address).status_code in {200, 400, 404, 405, 413}


def test_it_answers_as_it_describes_itself(filled: TestClient) -> None:
    """Schemathesis, bounded: `st run ADDRESS/api/openapi.json --include-path-regex ^/epcis` goes further."""
    schemathesis = pytest.importorskip("schemathesis")
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    described = schemathesis.openapi.from_dict(filled.get("/api/openapi.json").json())
    chosen = (
        not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
        checks.response_schema_conformance, checks.response_headers_conformance,
    )  # fmt: skip
    tried = 0
    for found in described.include(path_regex="^/epcis").get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=2, deadline=None, derandomize=True, phases=[Phase.generate], database=None)
        def one(case: Any) -> None:
            answer = filled.request(
                case.method, case.formatted_path, params=case.query, headers=dict(case.headers or {}),
                **({"json": case.body} if isinstance(case.body, dict) else {}),
            )  # fmt: skip
            case.validate_response(answer, checks=list(chosen))

        one()
        tried += 1
    assert tried > 40
