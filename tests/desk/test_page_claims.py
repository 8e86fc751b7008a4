"""Home to the proof that claims are counted, narrowed, set side by side and traced, each with a page of its own."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from starlette.testclient import TestClient

from ytterby.evidence.contested import contests
from ytterby.project import Project

OWN = {"origin": "http://localhost:8039", "sec-fetch-site": "same-origin"}


def rows(client: TestClient, **asked: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get("/en/claims.json", params=asked).json()["rows"]
    return found


def test_facets_count_what_they_leave(client: TestClient, stocked: Project) -> None:
    kinds = Counter(one.kind for one in stocked.claims())
    text = client.get("/en/claims").text
    for kind, count in kinds.most_common(5):
        found = re.search(rf'href="/en/claims\?kind={kind}"[^>]*>[^<]*<span class="count">(\d+)<', text)
        assert found is not None, kind
        assert int(found[1]) == count == len(rows(client, kind=kind))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_filters_meet(client: TestClient, stocked: Project, lang: str) -> None:
    document = stocked.documents()[0].id
    asked = {"status": "pending", "document": document}
    told = client.get(f"/{lang}/claims.json", params=asked).json()["rows"]
    assert {one["id"] for one in told} == {
        one.id for one in stocked.claims(document=document) if one.status == "pending"
    }
    assert told
    assert client.get(f"/{lang}/claims", params=asked).status_code == 200


def test_marks_are_those_of_the_evidence(client: TestClient, stocked: Project) -> None:
    claims = stocked.claims()
    clashing = {name for one in contests(claims) if not one.why for name in (one.first, one.second)}
    assert {one["id"] for one in rows(client, mark="contested")} == clashing
    assert {one["id"] for one in rows(client, mark="assumed")} == {one.id for one in claims if one.assumed}
    assert not rows(client, q="no claim holds these words")


@pytest.mark.parametrize("asked", ["status=wating", "kind=prise", "place=XQ", "document=abc", "mark=none"])
def test_nice_errors(client: TestClient, asked: str) -> None:
    answer = client.get(f"/en/claims?{asked}")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_claim_has_its_sentence(client: TestClient, stocked: Project, lang: str) -> None:
    for claim in [one for one in stocked.claims() if one.start is not None]:
        answer = client.get(f"/{lang}/claim/{claim.id}")
        assert answer.status_code == 200
        assert f'href="/{lang}/document/{claim.document}#p{claim.passage}"' in answer.text
        assert "<script>alert" not in answer.text
        told = client.get(f"/{lang}/claim/{claim.id[:12]}.json").json()
        assert told["claim"]["id"] == claim.id


def test_a_claim_that_is_contradicted_shows_the_other(client: TestClient, stocked: Project) -> None:
    one = next(one for one in contests(stocked.claims()) if not one.why)
    for here, there in ((one.first, one.second), (one.second, one.first)):
        assert f"/en/claim/{there}" in client.get(f"/en/claim/{here}").text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_parameter_shows_all_that_is_claimed(client: TestClient, stocked: Project, lang: str) -> None:
    asked = stocked.ask()
    disputed = next(name for name, one in asked.items() if one.conflicts and len(one.claims) > 1)
    for name in (disputed, next(iter(asked))):
        told = client.get(f"/{lang}/parameter/{name}.json").json()
        assert [one["id"] for one in told["rows"]] == [one for one, _, _ in asked[name].claims]
        assert client.get(f"/{lang}/parameter/{name}").status_code == 200
    if any(one["id"] == "ranges" for one in told["sections"]):
        assert client.get(f"/{lang}/parameter/{name}/-/ranges.svg").status_code == 200


def test_unknown_names_are_told_with_the_nearest(client: TestClient, stocked: Project) -> None:
    name = next(iter(stocked.ask()))
    answer = client.get(f"/en/parameter/{name}x")
    assert answer.status_code == 404
    assert name in answer.text
    for path in ("/en/claim/c000000", "/en/claim/zz", "/en/claim/%3Cscript%3E"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "<script>" not in answer.text


def test_a_verdict_on_one_claim(fresh: TestClient) -> None:
    # A row of a table is reviewed like the rest.
    claim = fresh.get("/en/claims.json").json()["rows"][0]["id"]
    path = f"/en/claim/{claim}"
    page = fresh.get(path).text
    key = page.split('name="_key" value="', 1)[1].split('"')[0]
    form = {"_key": key, "_form": "review", "verdict": "reject", "reviewer": "Ane", "reason": "old", "seen": ""}
    assert fresh.post(path, data=form | {"verdict": "perhaps"}, headers=OWN).status_code == 404
    assert fresh.post(path, data=form, headers=OWN).status_code == 303
    told = fresh.get(f"{path}.json").json()
    assert (told["claim"]["status"], told["claim"]["reviewer"]) == ("rejected", "Ane")
    assert [one["reason"] for one in next(x for x in told["sections"] if x["id"] == "reviews")["rows"]] == ["old"]
    late = fresh.post(path, data=form | {"reviewer": "Bo"}, headers=OWN)
    assert late.status_code == 400
    assert "Ane" in late.text
