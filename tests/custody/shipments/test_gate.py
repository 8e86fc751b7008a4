"""The gate: where the policy blocks, what may not go is refused at capture and kept, and nothing else is disturbed."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from tests.custody.magnets import PERMITS, REGISTRY, chain
from tests.custody.outgoing import TODAY

from ytterby.custody.capture import Captured, capture
from ytterby.custody.epcis import emit
from ytterby.custody.ledger import Ledger
from ytterby.custody.shipments.drawdown import Policy, policy
from ytterby.custody.shipments.gate import Gate
from ytterby.rules import licences, verdicts
from ytterby.terms.errors import InputError


@pytest.fixture
def gate() -> Gate:
    permits = licences.read(PERMITS, "permits.yaml").permits
    return Gate(verdicts.law(TODAY.date()), REGISTRY, permits, Policy(shipments="block"))


def captured(folder: Path, gate: Gate | None, parts: int) -> list[Captured]:
    events = chain()
    step = -(-len(events) // parts)
    lines = [
        b"\n".join(orjson.dumps(emit.raw(one)) for one in events[at : at + step]) for at in range(0, len(events), step)
    ]
    return [capture(folder, [one], workers=0, gate=gate) for one in lines]


@pytest.mark.parametrize("parts", [1, 9])
def test_what_no_licence_covers_is_refused_and_kept(tmp_path: Path, gate: Gate, parts: int) -> None:
    done = captured(tmp_path, gate, parts)
    refused = [one for each in done for one in each.refused]
    assert len(refused) == 1
    assert refused[0].id.endswith("/50-ningbo-magnets-object-shipping")
    assert "EL-2 has 10 kg left of 50" in refused[0].reason
    assert sum(one.captured for one in done) == len(chain()) - 1
    with Ledger.open(tmp_path) as ledger:
        kept = list(ledger.refusals())
        assert [one.id for one in kept] == [refused[0].id]
        assert kept[0].raw
        assert ledger.find(refused[0].id) is None


def test_a_policy_that_flags_lets_everything_in(tmp_path: Path, gate: Gate) -> None:
    flagging = Gate(gate.held, gate.registry, gate.permits, Policy())
    assert [one.refused for one in captured(tmp_path, flagging, 2)] == [(), ()]


def test_a_policy_is_a_file(tmp_path: Path) -> None:
    assert policy(tmp_path) == Policy()
    (tmp_path / "policy.yaml").write_text("shipments: block\nreading: extended_2027_01_10\n")
    assert policy(tmp_path) == Policy(shipments="block", reading="extended_2027_01_10")
    (tmp_path / "policy.yaml").write_text("shipments: hope\n")
    with pytest.raises(InputError, match=r"policy\.yaml"):
        policy(tmp_path)
