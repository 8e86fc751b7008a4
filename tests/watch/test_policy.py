"""The policy: grade, kind and parameter all have to fit; doubts and what is decided already are a person's."""

from __future__ import annotations

from typing import Any

import pytest

from ytterby.evidence.claims import Claim
from ytterby.watch.policy import accepted
from ytterby.watch.workflows import Policy


def claim(**changes: Any) -> Claim:
    fields = {"document": "d", "kind": "share", "value": 0.5, "unit": "share", "parameter": "licence:x_2026-03_share"}
    return Claim(**(fields | {"confidence": "B"} | changes))


@pytest.mark.parametrize(
    ("policy", "changes", "taken"),
    [
        ({}, {}, False),
        ({"accept": "B"}, {}, True),
        ({"accept": "A"}, {}, False),
        ({"accept": "A"}, {"confidence": "A"}, True),
        ({"accept": "B"}, {"confidence": "C"}, False),
        ({"accept": "C"}, {"confidence": "C"}, True),
        ({"accept": "B", "kinds": ["price"]}, {}, False),
        ({"accept": "B", "parameters": ["licence:*"]}, {}, True),
        ({"accept": "B", "parameters": ["licence:x"]}, {}, False),
        ({"accept": "B"}, {"flags": ("office: held by another on that day",)}, False),
        ({"accept": "B"}, {"status": "rejected"}, False),
        ({"accept": "B"}, {"parameter": ""}, False),
    ],
)
def test_cases(policy: dict[str, Any], changes: dict[str, Any], taken: bool) -> None:
    assert bool(accepted([claim(**changes)], Policy(**policy))) == taken
