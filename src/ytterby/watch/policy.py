"""Home to the policy: which claims of a document a watch accepts by itself, and why the others wait for a person."""

from __future__ import annotations

from collections.abc import Iterable

from ytterby.evidence.claims import Claim
from ytterby.watch.workflows import Policy

GRADES = "ABC"
"""Confidence, best first."""


def accepted(claims: Iterable[Claim], policy: Policy) -> list[Claim]:
    """The waiting claims that a policy accepts. Doubtful ones, and those that are about no parameter, always wait."""
    return [claim for claim in claims if accepts(claim, policy)]


def accepts(claim: Claim, policy: Policy) -> bool:
    """Whether a policy accepts a claim."""
    if policy.accept == "none" or claim.status != "pending" or claim.flags or not claim.parameter:
        return False
    return (
        GRADES.index(claim.confidence) <= GRADES.index(policy.accept)
        and (not policy.kinds or claim.kind in policy.kinds)
        and (not policy.parameters or any(_named(one, claim.parameter) for one in policy.parameters))
    )


def reason(claim: Claim, policy: Policy) -> str:
    """Why it was accepted, for the review."""
    parts = [f"grade {claim.confidence}, the policy takes {policy.accept} and better"]
    parts += [f"kind {claim.kind}"] if policy.kinds else []
    parts += [f"parameter {claim.parameter}"] if policy.parameters else []
    return "; ".join(parts)


def _named(asked: str, name: str) -> bool:
    return name.startswith(asked[:-1]) if asked.endswith("*") else name == asked
