"""Which links a licence may stop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from toy import toy
from worlds import licences

from ytterby.run.chain import crossings
from ytterby.run.chain.forcing import force
from ytterby.world import scenarios
from ytterby.world.network import Network


def _abroad() -> Network:
    """The toy with its American magnet plant moved to a third country."""
    n = toy()
    region = n.facility_region.copy()
    region[n.facilities.index("mag_us")] = 2
    return replace(n, regions=("CN", "US", "JP"), facility_region=region)


def test_chinese_content_follows_the_shares() -> None:
    n = toy()
    share = dict(zip([n.facilities[f] for f in n.out_slot_facility], crossings.chinese_share(n), strict=True))
    assert share["metal_us"] == 0.0
    assert share["metal_cn"] == 1.0
    assert share["mag_us"] == pytest.approx(0.8)  # four fifths of its metal comes from China


def test_links_abroad_meet_the_gate_only_where_a_rule_reaches_them() -> None:
    n = _abroad()
    april, october = licences(), scenarios.load("october-2025")
    october = october.model_copy(update={"events": (), "levers": (), "licensing": april.licensing})
    leaving = crossings.leaving(n)
    assert np.array_equal(force(n, april).structure.crossing, leaving)
    # the magnets of the third country hold no listed element: Announcement 61 is about Sm, Dy, Tb and the like
    assert np.array_equal(force(n, october, scenarios.instruments(october)).structure.crossing, leaving)
    heavy = n.composition.copy()
    heavy[n.materials.index("magnet.N"), n.elements.index("Dy")] = 0.001
    n = replace(n, composition=heavy)
    forced = force(n, october, scenarios.instruments(october))
    added = [k for k in forced.structure.crossing if k not in set(leaving)]
    assert [n.facilities[n.out_slot_facility[n.link_out[k]]] for k in added] == ["mag_us"]
    assert not forced.structure.crossing_leaves[-1]
    last = forced.structure.crossing_gate[-1]
    assert not forced.gates.licensed[last, :300].any()  # nothing before December 2025
    assert forced.gates.licensed[last, -1]


def test_a_ban_older_than_the_run_is_in_the_shares_already() -> None:
    n = toy()
    told = scenarios.load("april-2025").model_copy(
        update={"events": (), "levers": (), "licensing": licences().licensing}
    )
    forced = force(n, told, scenarios.instruments(told))
    assert not crossings.new_bans(forced.gates).any()
