"""Workflows: what is refused, and that the error names file, line and remedy."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.watch.orders import order

from ytterby import watch
from ytterby.run.metrics import METRICS
from ytterby.terms.errors import BadValue, InputError, UnknownName
from ytterby.watch.workflows import FIELDS

if TYPE_CHECKING:
    from ytterby.project import Project

STOPS: dict[str, Any] = {"scenario": "april-2025", "metric": "line-stops", "where": {"region": "EU"}, "days": 5}
RUNS: dict[str, Any] = {"scenarios": [{"name": "april-2025"}]}


def test_the_example_is_sound(project: Project) -> None:
    shipped = Path(str(files("ytterby"))) / "data" / "workflows"
    for path in shipped.glob("*.yaml"):
        told = watch.load(path, project.path)
        assert told.sources[0] == str(shipped / "articles")
        assert told.id == path.stem


def test_every_metric_but_the_balance_can_be_watched() -> None:
    assert set(FIELDS) == set(METRICS) - {"balance"}


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"topics": "x"}, UnknownName, "topic"),
        ({"topic": "export-licenses"}, UnknownName, "export-licences"),
        ({"scenarios": [{"name": "april-2026"}]}, UnknownName, "april-2025"),
        ({"scenarios": [{"name": "april-2025", "levers": ["none-such"]}]}, UnknownName, "lever"),
        (RUNS | {"outcomes": [{**STOPS, "metric": "line-stop"}]}, BadValue, "line-stops"),
        (RUNS | {"outcomes": [{**STOPS, "where": {"regio": "EU"}}]}, BadValue, "region"),
        (RUNS | {"outcomes": [{**STOPS, "percent": 3}]}, BadValue, "threshold"),
        (RUNS | {"outcomes": [{**STOPS, "metric": "exports", "where": {}}]}, BadValue, "percent"),
        ({"outcomes": [STOPS]}, BadValue, "not among"),
        ({"claims": {"accept": "D"}}, BadValue, "claims.accept"),
        ({"claims": {"accept": "A", "kinds": ["shares"]}}, BadValue, "shares"),
        ({"alerts": []}, BadValue, "alerts"),
        ({"alerts": [{"file": "a", "markdown": "b"}]}, BadValue, "one of"),
        ({"alerts": [{"webhook": {"url": "ftp://example.org"}}]}, BadValue, "ftp"),
        ({"alerts": [{"webhook": {"url": "https://example.org/?token=abc"}}]}, BadValue, "url_env"),
        ({"alerts": [{"webhook": {"url": "https://a:b@example.org/"}}]}, BadValue, "password"),
        ({"sources": []}, BadValue, "sources"),
        ({"id": "../up"}, BadValue, "id"),
    ],
)
def test_nice_errors(tmp_path: Path, project: Project, changes: dict[str, Any], kind: type, words: str) -> None:
    with pytest.raises(kind) as caught:
        watch.load(order(tmp_path, **changes), project.path)
    said = str(caught.value)
    assert words in said
    assert "order.yaml" in said


@pytest.mark.parametrize("key", ["password", "smtp_password", "token", "api_key"])
def test_secrets_in_the_file_are_refused_and_not_repeated(tmp_path: Path, project: Project, key: str) -> None:
    mail = {"to": ["a@example.org"], "from": "b@example.org", "host": "mail.example.org", key: "hunter2"}
    with pytest.raises(InputError, match="environment variable") as caught:
        watch.load(order(tmp_path, alerts=[{"email": mail}]), project.path)
    assert "hunter2" not in str(caught.value)


def test_a_password_never_goes_out_in_the_clear(tmp_path: Path, project: Project) -> None:
    mail = {"to": ["a@example.org"], "from": "b@example.org", "host": "mail.example.org", "tls": "none"}
    with pytest.raises(BadValue, match="TLS"):
        watch.load(order(tmp_path, alerts=[{"email": {**mail, "user_env": "U1", "password_env": "P1"}}]), project.path)
