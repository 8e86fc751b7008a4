"""Home to the proof that an answer of explain leads from a bar to its sentence, in both languages, and can be asked."""

from __future__ import annotations

import html
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

import ytterby
from ytterby.decisions import kept
from ytterby.decisions.explain import answer
from ytterby.decisions.explain.effects import effects
from ytterby.decisions.explain.inputs import inputs
from ytterby.decisions.explain.sentences import sentences
from ytterby.decisions.explain.sobol import Index
from ytterby.decisions.kept import Decision
from ytterby.desk.app import create_app
from ytterby.run.draws import Parameter, draw

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}
PARTS = (
    Parameter("recipe:lt_ship_de", 40.0, 30.0, 55.0, "day", "lognormal", claims=(("c1", 0.7), ("c2", 0.3))),
    Parameter("licensing:grant_civil", 0.9, 0.6, 0.98, "", "beta", assumed=True),
    Parameter("capacity:sep_mp", 10.0, 8.0, 12.0, "kt/y", "lognormal", claims=(("c2", 1.0),)),
)


def answered(folder: Path, *, still: bool = False) -> Decision:
    """An answer as it would be kept, from slopes that are made up."""
    rng = np.random.default_rng(3)
    drawn = draw(PARTS, 0, 4)
    slopes = {p.name: np.zeros(5) if still else rng.normal(size=5) * 10 / (p.high - p.low) for p in PARTS}
    found = effects(inputs(PARTS, None), slopes, drawn, 0)
    told = [one.to_dict() | {"worth": 1.0, "sourced": False} for one in found]
    for row in told:
        row["label"] = {"en": f"{row['name']} in words", "zh": f"{row['name']}的说法"}
    claims = {
        "c1": _claim("Forty days at sea", "doc1", 3),
        "c2": _claim("", "baseline:recipe", None) | {"subject": "capacity", "object": "of a plant", "assumed": True},
    }
    number = {"kind": "lead", "label": "a>b:oxide.Dy", "name": {"en": "transit a", "zh": "运输 a"}, "value": 40.0,
              "unit": "day", "per_tenth": 1.5, "per_sigma": None}  # fmt: skip
    said = {
        "asked": {"metric": "line-stop", "product": "car", "region": "DE", "material": "", "when": "", "goal": 0.0},
        "unit": "day", "start": "2025-01-01", "controls_from": "2025-04-04", "middle": 500.0, "smooth": 500.0,
        "draws": {"5": 140.0, "25": 160.0, "50": 200.0, "75": 500.0, "95": 500.0}, "never": 0.4, "count": 4143,
        "inputs": told, "sentences": [one.to_dict() for one in sentences(found, {})], "claims": claims,
        "numbers": [] if still else [number], "kinds": {"lead": 2345}, "agreed": None if still else 3,
        "sobol": [] if still else [Index(p.name, 0.4, 0.1, 0.5, 0.1).to_dict() for p in PARTS],
        "scenario_title": {"en": "As things stand", "zh": "现状延续"},
    }  # fmt: skip
    made_of = {"scenario": "baseline", "asked": said["asked"], "draws": 256, "slopes": 15, "seed": 0, "network": "n",
               "claims": "c", "fit": "", "code": "x", "still": still}  # fmt: skip
    return kept.keep(folder / "decisions", "explain", made_of, answer.title(said), "", said)


def _claim(quote: str, document: str, passage: int | None) -> dict[str, Any]:
    return {"document": document, "passage": passage, "publisher": "A Wire", "title": "T", "date": "2025-06-04",
            "quote": quote, "subject": "", "object": "", "access": "read", "confidence": "A",
            "assumed": False}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    project = ytterby.init(tmp_path_factory.mktemp("explain") / "project")
    made = {"plain": answered(project.path), "still": answered(project.path, still=True)}
    with TestClient(create_app(project.path), base_url="http://localhost:8039", follow_redirects=False) as one:
        yield SimpleNamespace(client=one, made=made)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_answer_leads_to_its_sentences(desk: Any, lang: str) -> None:
    made: Decision = desk.made["plain"]
    page = desk.client.get(f"/{lang}/explain/{made.id}.json").json()
    assert page["title"] == made.title[lang]
    assert {one["id"] for one in page["sections"]} >= {"inputs", "sentences", "numbers", "sobol", "record"}
    text = html.unescape(desk.client.get(f"/{lang}/explain/{made.id}").text)
    assert f"/{lang}/claim/c1" in text
    assert f"/{lang}/document/doc1" in text
    assert "«Forty days at sea»" in text
    assert ("假设" if lang == "zh" else "assumed") in text
    assert ("中位世界中不发生" if lang == "zh" else "never in the middle world") in text
    drawn = desk.client.get(f"/{lang}/explain/{made.id}/-/inputs.svg")
    assert drawn.status_code == 200
    assert "<svg" in drawn.text


def test_an_outcome_that_nothing_moves_is_said_so(desk: Any) -> None:
    made = desk.made["still"]
    assert made.title["en"].startswith("No input moves")
    page = desk.client.get(f"/en/explain/{made.id}")
    assert page.status_code == 200
    assert "no single number" in page.text


def test_answers_are_listed_and_the_start_of_an_id_leads_to_it(desk: Any) -> None:
    made = desk.made["plain"]
    assert f"/en/explain/{made.id}" in desk.client.get("/en/explain").text
    assert desk.client.get(f"/en/explain/{made.id[:6]}").headers["location"] == f"/en/explain/{made.id}"
    assert desk.client.get("/en/explain/ffffffffffff").status_code == 404


def test_nice_errors(desk: Any) -> None:
    def send(**fields: str) -> Any:
        key = desk.client.get("/en/explain").text.split('name="_key" value="', 1)[1].split('"')[0]
        data = {"_key": key, "_form": "explain", "scenario": "baseline", "metric": "line-stop", "sobol": "0", **fields}
        return desk.client.post("/en/explain", data=data, headers=OWN)

    assert "profit" in send(metric="profit").text
    assert "../x" in send(scenario="../x").text
    assert send(sobol="-4").status_code == 400
