"""Home to runs that a project makes in parts, on as many machines as there are, and puts together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ytterby.project.opened import Date, Progress, whole_number
from ytterby.project.runs import Runs

if TYPE_CHECKING:
    from ytterby.run.parts import Part
    from ytterby.run.record import Run


class Parts(Runs):
    """The side of a project that shares out a run."""

    def part(
        self,
        scenario: str,
        part: int,
        of: int,
        draws: int = 1000,
        seed: int = 0,
        dtype: Literal["float64", "float32"] = "float64",
        *,
        step_days: float | None = None,
        known: Date = None,
        levers: Iterable[str] = (),
        engine: str = "local",
        workers: int | None = None,
        address: str | None = None,
        progress: Progress | None = None,
    ) -> Part:
        """Simulates part `part` (from 1) of `of` of the run that `run` would make, and keeps it in the folder `parts/`.

        Raises:
            InputError: there is no such part, or what `run` refuses; nothing was written.
        """
        from ytterby.run.engines.choosing import chosen

        whole_number(draws, "draws", least=1)
        whole_number(seed, "seed", least=0)
        levers = tuple(dict.fromkeys(levers))
        plan = self._planned(scenario, levers, known, step_days)
        with chosen(engine, workers, address) as machines:
            # jax comes in with the forecast, after the cluster was started: it minds a fork
            from ytterby.run.forecast import forecast_part

            given = self._given(plan, draws, seed, dtype, levers)
            return forecast_part(
                kept=self.path / "parts", which=(part, of), machines=machines, progress=progress, **given
            )

    def merge(self, parts: Sequence[Path | str], progress: Progress | None = None) -> Run:
        """The run that `parts` (folders of parts, or folders of such) are all the parts of, kept like any other.

        Raises:
            InputError: parts of different runs, draws missing or given twice, each named; nothing was written.
            RunError: a part is damaged, or the masses do not close.
        """
        from ytterby.run.parts import merge

        return merge([Path(part) for part in parts], self._folder.runs, progress)
