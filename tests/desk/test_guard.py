"""Home to the proof that the door lets in whom it should and nobody else, and says why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.desk import guard, serving
from ytterby.desk.app import create_app
from ytterby.terms.errors import BadValue

TOKEN = "a-token-that-nobody-guesses"


def test_every_answer_bears_the_policy(client: TestClient) -> None:
    for path in (
        "/en/today",
        "/en/nothing",
        "/",
        "/static/desk.css",
        "/api/documents",
        "/en/today.json",
        "/nonsense/x",
    ):
        heads = client.get(path).headers
        policy = heads["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert heads["x-content-type-options"] == "nosniff"
        assert heads["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[", "10.0.0.8"]
)
def test_a_forged_host_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/en/today", headers={"host": host})
    assert answer.status_code == 403
    assert "is not a name of this desk" in answer.text.replace("&#39;", "'")


@pytest.mark.parametrize("host", ["localhost", "localhost:9", "127.0.0.1:8039", "[::1]:8039", "LOCALHOST"])
def test_its_own_names_are_known(client: TestClient, host: str) -> None:
    assert client.get("/en/today", headers={"host": host}).status_code == 200


def test_long_addresses_are_refused(client: TestClient) -> None:
    answer = client.get("/en/today?q=" + "x" * 10_000)
    assert answer.status_code == 414
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../../etc/passwd",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/desk.css",
        "/en/document/..%2f..%2fytterby.toml",
        "/en/../../ytterby.toml",
        "/en/today/-/..%2f..%2fytterby.svg",
        "/api/brief/..%2f..%2fytterby.toml",
        "/api/brief/%2fetc%2fpasswd",
        "/en/%00",
        "/en/today%00.json",
        "//evil.example/en/today",
        "/\\evil.example",
    ],
)
def test_tricks_with_paths_lead_nowhere(client: TestClient, path: str) -> None:
    answer = client.get(f"http://localhost:8039{path}")
    assert answer.status_code in (307, 404, 405)
    assert "schema = 1" not in answer.text
    assert "root:" not in answer.text
    where = answer.headers.get("location", "/en/today")
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))


# what changes something


@pytest.mark.parametrize(
    "heads",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://localhost:8039"},
    ],
)
def test_other_sites_change_nothing(client: TestClient, heads: dict[str, str]) -> None:
    for send in (
        lambda: client.post("/en/job/x", data={"_form": "cancel"}, headers=heads),
        lambda: client.post("/api/run", json={"scenario": "april-2025"}, headers=heads),
        lambda: client.delete("/api/jobs/x", headers=heads),
    ):
        answer = send()
        assert answer.status_code == 403
        assert "another site" in answer.text
    assert client.get("/api/jobs").json() == []


def test_forms_need_the_key_of_the_desk(client: TestClient) -> None:
    heads = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}
    for key in ({}, {"_key": ""}, {"_key": "guess"}, {"_key": "猜"}):
        answer = client.post("/en/job/x", data={"_form": "cancel", **key}, headers=heads)
        assert answer.status_code == 403
        assert "not sent from a page of this desk" in answer.text


def test_pages_without_forms_take_none(client: TestClient) -> None:
    for path in ("/en/today", "/en/today.json", "/nothing"):
        assert client.post(path, data={"a": "b"}).status_code == 405


@pytest.mark.parametrize("told", [True, False])
def test_too_much_is_refused(tmp_path: Path, told: bool) -> None:
    project = ytterby.init(tmp_path / "project")
    with TestClient(create_app(project.path, largest=100_000), base_url="http://localhost") as client:
        body = b"x" * 300_000
        sent = body if told else (body[i : i + 50_000] for i in range(0, len(body), 50_000))
        answer = client.post("/en/jobs", content=sent, headers={"content-type": "application/x-www-form-urlencoded"})
        assert answer.status_code == 413
        assert "MB at once" in answer.text
        assert client.get("/en/jobs").status_code == 200


# the token


def test_an_open_desk_asks_for_its_token(tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "project")
    where = serving.place("0.0.0.0", token=TOKEN)
    with TestClient(
        create_app(project.path, token=where.token, hosts=where.hosts),
        base_url="http://10.0.0.8",
        follow_redirects=False,
    ) as client:
        for path in ("/en/today", "/api/documents", "/events/x", "/en/today.json"):
            answer = client.get(path)
            assert answer.status_code == 401
            assert TOKEN not in answer.text
        assert client.get("/en/today?token=wrong").status_code == 401
        assert client.get("/en/today", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert client.get("/en/today", headers={"host": "evil.example"}).status_code == 403
        welcome = client.get(f"/en/today?a=1&token={TOKEN}")
        assert welcome.status_code == 303
        assert welcome.headers["location"] == "/en/today?a=1"
        assert "HttpOnly" in welcome.headers["set-cookie"]
        assert "SameSite=Strict" in welcome.headers["set-cookie"]
        assert client.get("/en/today").status_code == 200


def test_a_token_can_be_typed(tmp_path: Path) -> None:
    project = ytterby.init(tmp_path / "project")
    app = create_app(project.path, token=TOKEN)
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        assert 'action="/token"' in client.get("/zh/today").text
        assert client.post("/token", data={"token": "no"}).status_code == 401
        assert client.post("/token", data={"token": TOKEN}).status_code == 303
        assert client.get("/zh/today").status_code == 200


def test_alone_needs_no_token_and_open_makes_one() -> None:
    for host in ("127.0.0.1", "localhost", "::1"):
        assert serving.place(host).token == ""
    made = serving.place("0.0.0.0")
    assert re.fullmatch(r"[\w-]{24,}", made.token)
    assert made.token in made.address
    assert serving.place("0.0.0.0").token != made.token
    assert "*" not in serving.place("127.0.0.1").hosts
    for bad in ("short", "x" * 15, "has spaces in it here", "=;,=;,=;,=;,=;,=;,"):
        with pytest.raises(BadValue, match="easily guessed"):
            serving.place("0.0.0.0", token=bad)
    with pytest.raises(BadValue, match="no port"):
        serving.place(port=70_000)


def test_broken_cookies_hold_nothing() -> None:
    assert guard.cookies("ytterby-token=abc; a=b")["ytterby-token"] == "abc"
    guard.cookies('"\x01=\x02;;;=')
