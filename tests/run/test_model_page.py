from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from ytterby.run.chain import demand, events, orders, prices, production, shipping
from ytterby.run.chain.behaviour import BEHAVIOUR
from ytterby.run.chain.state import BUILD_STAGES, TRANSIT_STAGES, USE_STAGES, Forcing, State
from ytterby.run.draws import Parameter

PAGE = (Path(__file__).parents[2] / "docs" / "model.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("parameter", BEHAVIOUR, ids=lambda p: p.name)
def test_every_assumed_parameter_stands_with_its_range_and_place(parameter: Parameter) -> None:
    p = parameter
    row = f"| `{p.name}` | {p.median:g} | {p.low:g} | {p.high:g} | {p.unit} |"
    lines = [line for line in PAGE.splitlines() if line.startswith(row)]
    assert len(lines) == 1, f"docs/model.md lacks the row {row}"
    sections = {int(n) for n in re.findall(r"\d+", lines[0].rsplit("(", 1)[1])}
    name = p.name.removeprefix("behaviour:")
    told = {n for n, text in _sections().items() if re.search(rf"\b{name}\b", text)}
    if not name.startswith("capex_"):
        assert sections == told, f"{name} enters in {sorted(told)}"


def _sections() -> dict[int, str]:
    parts = re.split(r"^## (\d+)\. ", PAGE, flags=re.MULTILINE)
    sections = {int(n): text.split("\n## ")[0] for n, text in zip(parts[1::2], parts[2::2], strict=True)}
    # the licensing section and the scenario have a patience of their own
    return {n: re.sub("licensing.patience_days", "", text) for n, text in sections.items()}


def test_no_parameter_stands_that_the_model_lacks() -> None:
    told = set(re.findall(r"`(behaviour:\w+)`", PAGE))
    assert told == {p.name for p in BEHAVIOUR}


@pytest.mark.parametrize("field", [f.name for f in fields(State)])
def test_every_state_has_an_equation(field: str) -> None:
    after = {"mass": "mass'", "log_price": "log_price'", "transit": "transit :", "review": "review     :"}
    after |= {
        "received": "received'[p, z]",
        "used_to": "used_to'[p, z]",
        "building": "building  :",
        "in_use": "in_use       :",
    }
    assert after.get(field, f"{field}'[") in PAGE


@pytest.mark.parametrize("field", [f.name for f in fields(Forcing) if f.name not in {"day", "output", "floor", "lead"}])
def test_every_forcing_enters(field: str) -> None:
    assert re.search(rf"\b{field}\b", PAGE.replace("stockpile_rate", "stockpile"))


def test_the_numbers_of_the_code_stand_on_the_page() -> None:
    assert f"transit has {TRANSIT_STAGES} stages, building {BUILD_STAGES},\nuse {USE_STAGES}" in PAGE
    assert f"{production.SCARCE:g} + {1 - production.SCARCE:g} * feed" in PAGE
    assert f"arrears[g] / {demand.CATCH_UP_DAYS:g}" in PAGE
    assert f"{orders.RETURN:g} * drift" in PAGE
    assert f"between {prices.SLACKEST:g} and {prices.TIGHTEST:g}" in PAGE
    assert f"never above ln {np.exp(prices.CEILING):.0f}" in PAGE
    assert f"between {prices.FLOODED:g} and {prices.SHUT:g}:" in PAGE
    assert "at most half of" in PAGE
    assert shipping.STOCKPILE_LIMIT == 0.5


def test_every_kind_of_event_is_told_in_its_room() -> None:
    from typing import get_args

    from ytterby.world.scenarios import EventKind

    rows = [line.split("|")[1] for line in (events.__doc__ or "").splitlines() if line.startswith("| ")]
    told = {word for row in rows for word in re.findall(r"[a-z_]+", row)}
    assert set(get_args(EventKind)) <= told
