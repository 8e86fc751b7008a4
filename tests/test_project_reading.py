"""A project reads: documents in, claims out, accepted ones move the world, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import ytterby
from ytterby.project import Project
from ytterby.terms.errors import BadValue, UnknownName

NOTICE = """source: https://www.example.org/notes
title: Robots need more magnets than thought
date: 2025-03-03
lang: en

Each humanoid robot needs 6.4 kg of neodymium magnets.

China shipped 5,577 tonnes of rare earth magnets abroad in July 2024.
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return ytterby.init(tmp_path / "p")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "robots.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def test_a_file_is_read_once_and_every_quote_stands_in_it(project: Project, article: Path) -> None:
    first = project.read([article])
    assert [(one.status, one.title, one.date, one.lang) for one in first] == [
        ("read", "Robots need more magnets than thought", "2025-03-03", "en")
    ]
    claims = project.claims(path=str(article))
    assert claims
    assert first[0].claims == len(claims)
    assert all(claim.quote == NOTICE[claim.start : claim.end] for claim in claims)
    assert {claim.status for claim in claims} == {"pending"}
    assert [one.status for one in project.read([article])] == ["unchanged"]
    assert [claim.id for claim in project.claims(path=str(article))] == [claim.id for claim in claims]


def test_reading_alone_changes_neither_weights_nor_world_nor_the_claim_set(project: Project, article: Path) -> None:
    before, world = project.weigh(), project.world()
    project.read([article, project.sample])
    assert project.weigh() == before
    after = project.world()
    for name in ("link_share", "facility_capacity"):
        if hasattr(world, name):
            assert np.array_equal(getattr(world, name), getattr(after, name))


def test_an_accepted_claim_moves_its_parameter_and_the_difference_is_named(project: Project, article: Path) -> None:
    project.read([article])
    claim = next(c for c in project.claims(path=str(article)) if c.kind == "intensity")
    assert claim.parameter
    before = project.weigh(claim.parameter)
    project.review("accepted", [claim.id[:12]], reviewer="A. Analyst", reason="a test")
    after = project.weigh(claim.parameter)
    assert dict(after[claim.parameter].claims).keys() - (
        dict(before[claim.parameter].claims).keys() if before else set()
    ) == {claim.id}
    kept = project.claims(path=str(article), status="accepted")
    assert [(one.id, one.reviewer, one.reason) for one in kept] == [(claim.id, "A. Analyst", "a test")]
    project.review("pending", [claim.id], reviewer="A. Analyst")
    assert project.weigh(claim.parameter) == before


def test_point_in_time_a_claim_counts_from_the_day_it_was_printed(project: Project, article: Path) -> None:
    import datetime

    project.read([article])
    claim = next(c for c in project.claims(path=str(article)) if c.kind == "intensity")
    project.review("accepted", [claim.id], reviewer="A. Analyst")
    early = project.weigh(claim.parameter, datetime.date(2025, 3, 2)).get(claim.parameter)
    late = project.weigh(claim.parameter, datetime.date(2025, 3, 3))[claim.parameter]
    assert early is None or claim.id not in dict(early.claims)
    assert claim.id in dict(late.claims)


def test_an_edited_article_is_a_new_version_whose_claims_count(project: Project, article: Path) -> None:
    project.read([article])
    old = {claim.id for claim in project.claims(path=str(article))}
    article.write_text(NOTICE.replace("6.4 kg", "3.2 kg"), encoding="utf-8")
    assert [one.status for one in project.read([article])] == ["new version"]
    now = project.claims(path=str(article))
    assert {claim.value for claim in now if claim.kind == "intensity"} == {3.2}
    counted = {claim.id for claim in project.claims()}
    changed = {claim.id for claim in now} - old
    assert changed <= counted
    assert not (old - {claim.id for claim in now}) & counted


def test_search_finds_documents_rules_facilities_and_rows(project: Project, article: Path) -> None:
    project.read([article])
    assert project.search("humanoid robot", type="document")[0].title == "Robots need more magnets than thought"
    assert any(hit.id.startswith("cn-61-2025") for hit in project.search("镝", type="rule"))
    assert any(hit.id == "bayan_obo" for hit in project.search("白云鄂博", type="facility"))
    for hit in project.search("neodymium magnets", type="document"):
        assert hit.quote in NOTICE


def test_a_brief_of_a_file_that_was_not_read_reads_it(project: Project, article: Path) -> None:
    told = project.brief(article, lang="zh").to_dict()
    assert told["core"]["text"]
    assert [one.title for one in project.documents()] == ["Robots need more magnets than thought"]
    numbers = {passage["n"] for passage in told["passages"]}
    assert all(set(point["cites"]) <= numbers for group in told["groups"] for point in group["points"])


def test_the_sample_is_read_whole_and_its_topic_stands(project: Project) -> None:
    readings = project.read([project.sample])
    assert not [one for one in readings if one.status == "refused"]
    page = project.topic("稀土主导权")
    assert page.topic.id == "rare-earth-dominance"
    assert page.documents
    assert [entry.date for entry in page.documents] == sorted((e.date for e in page.documents), reverse=True)
    flags = [flag for claim in project.claims(status="pending") for flag in claim.flags]
    assert any("Yellen" in flag for flag in flags)


def test_nice_errors(project: Project, article: Path, tmp_path: Path) -> None:
    project.read([article])
    with pytest.raises(UnknownName, match="kind of claim"):
        project.claims(kind="shares")
    with pytest.raises(UnknownName):
        project.claims(path=str(tmp_path / "nowhere.txt"))
    with pytest.raises(UnknownName):
        project.brief("nothing-of-that-name")
    with pytest.raises(UnknownName):
        project.topic("no such topic")
    with pytest.raises(UnknownName):
        project.review("accepted", ["c0ffee"], reviewer="me")
    with pytest.raises(BadValue, match="reviewer"):
        project.review("accepted", [project.claims(path=str(article))[0].id], reviewer=" ")
    with pytest.raises(BadValue):
        project.review("accepted", reviewer="me")
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    assert [one.status for one in project.read([empty])] == ["refused"]
    with pytest.raises(BadValue):
        project.brief(empty)


def test_a_record_that_was_meddled_with_counts_nowhere_and_breaks_nothing(project: Project, article: Path) -> None:
    from ytterby.store import database

    project.read([article])
    sound = project.claims(path=str(article))
    with database.open(project._folder) as db:
        db.execute("UPDATE claims SET record = replace(record, '6.4', '64') WHERE record LIKE '%6.4 kg%'")
    left = project.claims(path=str(article))
    assert {claim.id for claim in left} < {claim.id for claim in sound}
    assert project.weigh()
