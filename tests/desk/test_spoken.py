"""Home to the proof that no code of a claim is left without words in either language."""

from __future__ import annotations

from typing import get_args

import pytest

from ytterby.desk import planned, spoken
from ytterby.evidence.claims import Access, Action, Modality
from ytterby.terms.stages import STAGES
from ytterby.world.scenarios import UNITS, EventKind


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (Action, spoken.ACTIONS),
        (Modality, spoken.MODALITIES),
        (Access, spoken.ACCESS),
        (EventKind, planned.KINDS),
    ],
    ids=["actions", "modalities", "access", "events"],
)
def test_every_code_has_words(known: object, words: spoken.Pairs) -> None:
    assert set(words) == set(get_args(known))
    for english, chinese in words.values():
        assert english.isascii()
        assert all("一" <= char <= "鿿" or char in "（）" for char in chinese)


def test_every_unit_of_an_event_has_words() -> None:
    for name in {*UNITS.values(), "factor"} - {""}:
        assert planned.unit(name, "zh") != name, name


def test_stages_are_called_by_their_names() -> None:
    for one in STAGES:
        assert (spoken.stage(one.id, "en"), spoken.stage(one.id, "zh")) == (one.en, one.zh)
    assert spoken.stage("nowhere", "zh") == "nowhere"
    assert spoken.field("note", "separation", "zh") == "separation"
    assert spoken.field("stage", "", "zh") == ""
