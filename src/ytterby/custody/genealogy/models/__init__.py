"""Home to the custody models of ISO 22095, one file each: what a lot may claim of its origin."""

from __future__ import annotations

from ytterby.custody.genealogy.models.base import Break, Claim, Histories, Model, Terms
from ytterby.custody.genealogy.models.blending import ControlledBlending
from ytterby.custody.genealogy.models.credits import Credits
from ytterby.custody.genealogy.models.identity import IdentityPreserved
from ytterby.custody.genealogy.models.rolling import RollingAverage
from ytterby.custody.genealogy.models.segregated import Segregated


def models() -> tuple[Model, ...]:
    """Every model with its usual settings, the strictest first."""
    return (IdentityPreserved(), Segregated(), ControlledBlending(), RollingAverage(), Credits())


__all__ = [
    "Break",
    "Claim",
    "ControlledBlending",
    "Credits",
    "Histories",
    "IdentityPreserved",
    "Model",
    "RollingAverage",
    "Segregated",
    "Terms",
    "models",
]
