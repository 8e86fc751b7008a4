from __future__ import annotations

from ytterby.evidence.claims import Claim
from ytterby.evidence.sources import sources


def test_every_claim_is_counted_once(claims: tuple[Claim, ...]) -> None:
    used = sources(claims)
    own = [claim for claim in claims if not claim.carried_from]
    assert sum(use.claims for use in used) == len(own)
    assert sum(use.assumed for use in used) == sum(claim.assumed for claim in own)
    assert all(sum(count for _, count in use.access) == use.claims for use in used)
    assert len({(use.publisher, use.title, use.year, use.url) for use in used}) == len(used)


def test_a_claim_without_a_source_is_not_a_source() -> None:
    assert sources([Claim(kind="share", value=0.5)]) == []
