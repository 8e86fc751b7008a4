from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ytterby.evidence.claims import KINDS, Claim
from ytterby.terms.errors import BadValue

FIELDS_OF_THE_INTERFACE = (
    "id",
    "document",
    "path",
    "passage",
    "start",
    "end",
    "quote",
    "kind",
    "subject",
    "material",
    "elements",
    "stage",
    "place",
    "counterpart",
    "basis",
    "value",
    "low",
    "high",
    "comparator",
    "unit",
    "period",
    "as_of",
    "by",
    "modality",
    "attributed_to",
    "status",
)

numbers = st.none() | st.floats(-1e12, 1e12, allow_nan=False)
words = st.text(max_size=20)


@st.composite
def wild_claims(draw: st.DrawFn) -> Claim:
    low, value, high = sorted(draw(st.tuples(*[st.floats(-1e12, 1e12)] * 3)))
    keep = draw(st.tuples(*[st.booleans()] * 3))
    return Claim(
        kind=draw(st.sampled_from(KINDS)),  # type: ignore[arg-type]
        subject=draw(words),
        quote=draw(words),
        place=draw(st.sampled_from(["", "CN", "WLD", "ZZ"])),
        low=low if keep[0] else None,
        value=value if keep[1] else None,
        high=high if keep[2] else None,
        elements=tuple(draw(st.lists(st.sampled_from(["Nd", "Dy"]), max_size=3))),
        known=draw(st.none() | st.dates()),
        parameter=draw(words),
    )


@given(wild_claims())
def test_round_trip_through_json(claim: Claim) -> None:
    told = json.loads(json.dumps(claim.to_dict()))
    again = Claim.from_dict(told)
    assert again == claim
    assert again.id == claim.id
    assert set(FIELDS_OF_THE_INTERFACE) <= set(told)


@given(wild_claims(), st.sampled_from(["accepted", "rejected"]), words)
def test_a_review_keeps_the_id_and_a_new_figure_does_not(claim: Claim, status: str, reason: str) -> None:
    told = claim.to_dict()
    reviewed = Claim.from_dict({**told, "status": status, "reason": reason, "reviewer": "someone"})
    assert reviewed.id == claim.id
    changed = {name: cell for name, cell in told.items() if name != "id"} | {"subject": claim.subject + "x"}
    assert Claim.from_dict(changed).id != claim.id


def test_an_id_is_the_same_in_every_process() -> None:
    claim = Claim(kind="share", subject="share of mining", place="CN", value=0.61, unit="share")
    assert claim.id == "c8aaa2037976cbe97d87a"


def test_assumed_is_memory_an_estimate_or_a_closure() -> None:
    solid = Claim(kind="capacity", access="read", confidence="A")
    assert not solid.assumed
    for change in ({"access": "recall"}, {"confidence": "C"}, {"closure": True}):
        assert Claim(**{"kind": "capacity", "access": "read", "confidence": "A", **change}).assumed


def test_a_claim_cannot_be_edited() -> None:
    claim = Claim(kind="share", value=0.5)
    with pytest.raises(ValidationError, match="frozen"):
        claim.value = 0.6  # type: ignore[misc]


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        ({"low": 2.0, "high": 1.0}, "low 2 lies above high 1"),
        ({"value": 5.0, "high": 1.0}, "high 1 lies below value 5"),
        ({"value": float("nan")}, "finite"),
        ({"value": 1e31}, "beyond any figure"),
        ({"place": "China"}, "'China' is not an ISO 3166"),
        ({"kind": "guess"}, "input should be"),
        ({"vlaue": 3}, "extra inputs"),
    ],
)
def test_nice_errors(wrong: dict[str, object], cause: str) -> None:
    with pytest.raises(BadValue) as caught:
        Claim.from_dict({"kind": "share", **wrong}, "claims.json record 3")
    assert cause in caught.value.cause
    assert "claims.json record 3" in caught.value.place
    assert caught.value.remedy


def test_an_edited_record_is_refused() -> None:
    told = Claim(kind="share", value=0.5).to_dict()
    with pytest.raises(BadValue, match="does not fit its content"):
        Claim.from_dict({**told, "value": 0.6})
