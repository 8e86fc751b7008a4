"""Home to the proof that the pages of the world say what the atlas says, lead to sentences, and have one shape."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from ytterby.desk import trading, worldly
from ytterby.project import Project
from ytterby.world.atlas import MIXES, ORDER, Atlas, concentration

SHAPE = ["what", "from", "to", "stages", "claims", "rules", "runs"]
WITH_RISKS = [*SHAPE[:4], "risks", *SHAPE[4:]]
THINGS = [
    "facility/sep_mp", "facility/kachin", "facility/mag_vulcan", "facility/collector.CN", "material/oxide.NdPr",
    "material/conc.seg.mt_weld", "material/motor.UH", "material/scrap.N", "element/Dy", "element/Pm", "element/Y",
    "country/CN", "country/JP", "country/TZ", "country/EU", "country/ZZ", "country/FR", "country/AR",
]  # fmt: skip


@pytest.fixture(scope="module")
def found(stocked: Project) -> Atlas:
    return stocked.atlas()


def told(client: TestClient, path: str, **asked: str) -> dict[str, Any]:
    answer = client.get(f"{path}.json", params=asked)
    assert answer.status_code == 200, answer.text[:500]
    value: dict[str, Any] = answer.json()
    return value


@pytest.mark.parametrize("stage", ORDER)
@pytest.mark.parametrize("mix", [*MIXES, "Gd"])
def test_the_page_says_what_the_atlas_says(client: TestClient, found: Atlas, mix: str, stage: str) -> None:
    page = told(client, "/en/world", element=mix, stage=stage)
    shares = found.shares(mix, stage)
    if not shares:
        assert page["title"].startswith("Nobody")
        return
    rows = page["rows"]
    assert [row["country"] for row in rows] == [one.place for one in shares]
    assert [row["value"] for row in rows] == pytest.approx([100 * one.share for one in shares])
    first = worldly.subject(found, shares[0].place, "en")
    assert page["title"].startswith(f"{first} ")
    assert f"{100 * shares[0].share:.0f}" in page["title"] or ">99" in page["title"]
    hhi = concentration([one.share for one in shares])
    assert page["keys"][0]["value"] == round(hhi)
    assert ("highly" in page["keys"][0]["note"]) == (hhi > 1800)
    plants = next(one for one in page["sections"] if one["id"] == "facilities")["rows"]
    assert sum(row["tonnes"] for row in plants) == pytest.approx(sum(one.tonnes for one in shares))
    assert sum(row["share"] for row in plants) == pytest.approx(1.0)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("asked", ["", "?element=Dy&stage=mine", "?country=US", "?element=Y&stage=magnet&country=JP"])
def test_the_world_in_both_languages(client: TestClient, lang: str, asked: str) -> None:
    answer = client.get(f"/{lang}/world{asked}")
    assert answer.status_code == 200
    for name in ("map", "mine-to-product", "network"):
        section = re.search(rf'<section id="{name}"', answer.text)
        assert section
        if 'class="both"' in answer.text[section.end() : answer.text.find("</section>", section.end())]:
            drawn = client.get(f"/{lang}/world/-/{name}.svg{asked}")
            assert drawn.status_code == 200
            assert drawn.text.startswith("<svg")
            assert client.get(f"/{lang}/world/-/{name}.csv{asked}").text.count("\n") > 1


def test_drawn_flows_are_the_links_of_the_world(client: TestClient, found: Atlas) -> None:
    ahead = found.forward()
    for mix in ("NdPr", "Dy"):
        flows = found.flows(mix)
        for name in ("mine-to-product", "network"):
            rows = client.get(f"/en/world/-/{name}.json", params={"element": mix}).json()["rows"]
            assert sum(row["value"] for row in rows) == pytest.approx(float(flows[ahead].sum()), rel=1e-9)
            doubt = sum(row["value"] for row in rows if row["assumed"])
            assert doubt == pytest.approx(float(flows[ahead & found.doubtful].sum()), rel=1e-9)


def test_a_country_is_zoomed_to_its_plants(client: TestClient, found: Atlas) -> None:
    rows = client.get("/en/world/-/network.json", params={"country": "US"}).json()["rows"]
    ends = {row[key] for row in rows for key in ("source", "target")}
    assert "Mountain Pass" in ends
    assert "United States" not in ends
    assert "China" in ends
    # Of what has no end in the country nothing is drawn.
    inside = [row == "US" for row in found.country]
    flows = found.flows("NdPr")
    met = [at for at in range(len(flows)) if inside[found.seller[at]] or inside[found.buyer[at]]]
    kept = sum(float(flows[at]) for at in met if found.forward()[at])
    assert sum(row["value"] for row in rows) == pytest.approx(kept, rel=1e-9)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("thing", THINGS)
def test_every_thing_has_the_same_shape(client: TestClient, thing: str, lang: str) -> None:
    answer = client.get(f"/{lang}/{thing}")
    assert answer.status_code == 200, answer.text[-1500:]
    assert re.findall(r'<section id="([\w-]+)"', answer.text) in (SHAPE, WITH_RISKS)
    assert "None" not in unescape(re.sub(r"<[^>]+>", " ", answer.text)).split()


def test_every_facility_material_and_country_has_a_page(client: TestClient, found: Atlas) -> None:
    n = found.network
    plants = [name for name, stage in zip(n.facilities, found.stage, strict=True) if stage != "use"]
    paths = [f"facility/{name}" for name in plants[::4]] + [f"material/{name}" for name in n.materials[::3]]
    for path in [*paths, f"facility/{n.groups[0]}", *(f"country/{code}" for code in sorted(set(found.country))[::2])]:
        page = told(client, f"/zh/{path}")
        assert [one["id"] for one in page["sections"]] in (SHAPE, WITH_RISKS)
        assert page["title"]


def test_a_plant_leads_to_its_sentence_in_two_clicks(client: TestClient) -> None:
    page = client.get("/en/facility/sep_mp").text
    claims = set(re.findall(r'href="(/en/claim/[\w-]+)"', page))
    assert claims
    assert 'href="/en/parameter/capacity:sep_mp"' in page
    for path in sorted(claims)[:3]:
        assert client.get(path).status_code == 200
    assert "/en/facility/sep_mp" in client.get("/en/world").text


def test_partners_of_a_plant_are_its_links(client: TestClient, found: Atlas) -> None:
    row = found.index["sep_mp"]
    sections = {one["id"]: one["rows"] for one in told(client, "/en/facility/sep_mp")["sections"]}
    for name, end in (("from", found.buyer), ("to", found.seller)):
        assert sum(one["amount"] for one in sections[name]) == pytest.approx(float(found.amount[end == row].sum()))
        assert sum(one["share"] for one in sections[name]) == pytest.approx(1.0)


def test_what_is_assumed_is_marked(client: TestClient, found: Atlas) -> None:
    rows = told(client, "/en/facilities")["rows"]
    assert len(rows) == len(found.network.facilities)
    for row in rows:
        at = found.index[row["id"]]
        assert row["assumed"] == (bool(found.network.facility_assumed[at]) and found.stage[at] != "use")
    page = client.get("/en/facilities?stage=metal&mark=assumed").text
    hatched = sum(row["stage"] == "metal" and row["assumed"] for row in rows)
    assert page.count('class="guess"') == hatched > 0


def test_facets_count_what_they_leave(client: TestClient) -> None:
    text = client.get("/en/facilities").text
    for stage in ("mine", "magnet"):
        found = re.search(rf'href="/en/facilities\?stage={stage}"[^>]*>[^<]*<span class="count">(\d+)<', text)
        assert found
        assert int(found[1]) == len(told(client, "/en/facilities", stage=stage)["rows"])


def test_rules_that_touch_it(client: TestClient) -> None:
    def clauses(path: str) -> set[str]:
        sections = {one["id"]: one["rows"] for one in told(client, path)["sections"]}
        return {row["clause"].partition(".")[0] for row in sections["rules"]}

    # The seven of Announcement 18 reach dysprosium and its oxide, lanthanum and its oxide they do not.
    assert any("18-2025" in name for name in clauses("/en/element/Dy"))
    assert not any("18-2025" in name for name in clauses("/en/element/La"))
    assert any("18-2025" in name for name in clauses("/en/material/oxide.Dy"))
    assert not any("18-2025" in name for name in clauses("/en/material/oxide.La"))
    # A buyer of Chinese magnets is touched by the rule of their origin.
    assert any("18-2025" in name for name in clauses("/en/country/JP"))


def test_known_on_a_day(client: TestClient) -> None:
    early = told(client, "/en/world", known="2025-03-01")
    assert early["known"] == "2025-03-01"
    late = told(client, "/en/world")
    assert early["keys"] != late["keys"]
    page = client.get("/en/world?known=2025-03-01").text
    assert 'href="/en/facility/sep_lynas_my?known=2025-03-01"' in page
    claims = next(
        one for one in told(client, "/en/facility/sep_mp", known="2025-03-01")["sections"] if one["id"] == "claims"
    )
    assert all(row["known"] <= "2025-03-01" for row in claims["rows"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/world?element=Unobtainium", 404),
        ("/en/world?stage=smelting", 404),
        ("/en/world?country=XX", 404),
        ("/en/world?known=soon", 400),
        ("/en/world?known=2199-01-01", 400),
        ("/en/world?known=1999-01-01", 400),
        ("/zh/facility/sep_mpp", 404),
        ("/en/material/oxide.NdPrr", 404),
        ("/en/element/Fe", 404),
        ("/en/country/WLD", 404),
        ("/en/country/Atlantis", 404),
        ("/en/facilities?stage=none", 404),
        ("/en/facility/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404),
    ],
)
def test_nice_errors(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert "<script>alert" not in answer.text


def test_the_world_is_shown_without_waking_jax(stocked: Project) -> None:
    code = f"""
import sys, ytterby
from ytterby.desk.counter import Counter
from ytterby.desk import urls
counter = Counter(ytterby.open({str(stocked.path)!r}))
for path in ("/en/world", "/zh/country/JP", "/en/facility/sep_mp", "/en/element/Dy", "/en/material/oxide.Dy"):
    assert counter.show(urls.parse(path)).status == 200, path
assert "jax" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_gathering_loses_nothing(found: Atlas) -> None:
    labels = [name[:3] for name in found.network.facilities]
    flows = found.flows("NdPr")
    rows = trading.gathered(found, flows, labels, "en")
    assert sum(row["value"] for row in rows) == pytest.approx(float(flows[found.forward()].sum()), rel=1e-12)
    keys = [(row["source"], row["source_stage"], row["target"], row["target_stage"], row["assumed"]) for row in rows]
    assert len(set(keys)) == len(keys)
