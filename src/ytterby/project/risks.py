"""Home to the project's risk indices: how concentrated, dependent and exposed each stage of each element is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ytterby.project.opened import Date, whole_number
from ytterby.project.runs import Runs

if TYPE_CHECKING:
    from ytterby.world.atlas import Atlas

DRAWS = 200
"""Draws of the world that bands are taken from."""


class Risks(Runs):
    """The side of a project that tells risk indices."""

    def indices(
        self,
        elements: Sequence[str] | None = None,
        stages: Sequence[str] | None = None,
        countries: Sequence[str] | None = None,
        known: Date = None,
        draws: int = DRAWS,
        seed: int = 0,
        *,
        atlas: Atlas | None = None,
    ) -> list[dict[str, Any]]:
        """HHI, import dependence and reliance, GeoPolRisk and the EU's supply risk, with bands (`docs/indices.md`).

        Args:
            elements: elements or mixes (NdPr, REO); the usual six without it.
            stages: mine, separation, metal, magnet; all without it.
            countries: ISO codes, `EU` for the 27; all that make products without it.
            known: on the world as known on that day (today without it).
            draws: worlds drawn.
            seed: same seed, same numbers.
            atlas: the world, where the caller has it already.

        Raises:
            UnknownName: an element, stage or country nobody knows.
            BadValue: fewer than one draw, or a day before any governance score was known.
        """
        from ytterby.world.atlas import MIXES
        from ytterby.world.indices import table

        whole_number(draws, "draws", least=1)
        whole_number(seed, "seed", least=0)
        found = atlas or self.atlas(known)
        return table.indices(
            found, chance(found, draws, seed), tuple(elements or MIXES), tuple(stages or table.STAGES), countries
        )


def chance(atlas: Atlas, draws: int, seed: int) -> Any:
    """The draws that indices are taken over: of every uncertain number of the world, and deviates by name."""
    import numpy as np
    from scipy.special import ndtri

    from ytterby.run.draws import Parameter, draw, uniforms
    from ytterby.world.indices.table import Chance

    rows = [
        Parameter(u.name, u.median, u.low, u.high, u.unit, u.kind, u.assumed) for u in atlas.network.uncertainty[1:]
    ]
    drawn = draw(rows, seed, draws)
    factors = np.stack([np.ones(draws), *(drawn[row.name] / row.median for row in rows)])
    return Chance(factors, lambda name: np.clip(ndtri(uniforms(seed, name, draws)), -3.0, 3.0))
