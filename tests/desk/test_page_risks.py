"""Risk indices on the pages of elements and countries."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from starlette.testclient import TestClient

from ytterby.project import Project


def section(client: TestClient, path: str) -> dict[str, Any] | None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:300]
    return next((one for one in answer.json()["sections"] if one["id"] == "risks"), None)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_element_says_where_it_is_narrowest(client: TestClient, stocked: Project, lang: str) -> None:
    found = section(client, f"/{lang}/element/Dy.json")
    assert found is not None
    rows = stocked.indices(["Dy"], None, ["EU"])
    hhi = {row["stage"]: row["median"] for row in rows if row["index"] == "hhi"}
    assert {row["stage"]: row["median"] for row in found["rows"] if row["index"] == "hhi"} == pytest.approx(hhi)
    top = max(hhi, key=lambda stage: hhi[stage])
    word = {"separation": ("Separation", "分离"), "metal": ("Metal", "金属"), "magnet": ("Magnets", "磁体")}[top]
    assert word[lang == "zh"] in found["title"]
    assert str(round(hhi[top]))[-3:] in found["title"]


def test_a_country_says_where_it_is_exposed(client: TestClient, stocked: Project) -> None:
    found = section(client, "/en/country/JP.json?element=Dy")
    assert found is not None
    risk = [row for row in stocked.indices(["Dy"], None, ["JP"]) if row["index"] == "geopolrisk"]
    worst = max(row["median"] for row in risk)
    assert f"{worst:.2f}" in found["title"]
    union = section(client, "/zh/country/EU.json")
    assert union is not None
    assert "27 国合计" in union["basis"]


def test_the_interface_answers_the_same(client: TestClient, stocked: Project) -> None:
    answer = client.get("/api/indices?element=Dy&stage=magnet&country=JP&draws=5")
    assert answer.json() == stocked.indices(["Dy"], ["magnet"], ["JP"], draws=5)
    assert client.get("/api/indices?element=Dyy&draws=5").json()["error"]["remedy"].startswith("did you mean 'Dy'")
    assert client.get("/api/indices?draws=100000").status_code == 422


def test_where_nothing_can_be_told_nothing_is(client: TestClient) -> None:
    assert section(client, "/en/country/SA.json") is None
    assert section(client, "/en/element/Pm.json") is None


def test_reading_them_wakes_no_jax(stocked: Project) -> None:
    code = f"""
import sys, ytterby
from ytterby.desk import urls
from ytterby.desk.counter import Counter
desk = Counter(ytterby.open({str(stocked.path)!r}))
for path in ("/en/element/Dy", "/zh/country/JP"):
    assert desk.show(urls.parse(path)).status == 200, path
print("jax" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "False"
