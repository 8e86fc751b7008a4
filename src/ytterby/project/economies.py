"""Home to the project's economies: what a run costs by sector and country, beside the run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.project.opened import Progress
from ytterby.project.runs import Runs

if TYPE_CHECKING:
    from ytterby.run.record import Run


class Economies(Runs):
    """The side of a project that follows runs into an economy."""

    def economy(self, run: str = "latest", table: Path | str | None = None, progress: Progress | None = None) -> Run:
        """Follows a kept run into an economy, draw by draw, and keeps what it loses in the run's folder.

        Args:
            run: as for `open_run`.
            table: a folder with an input-output table of one's own (`docs/economy.md`); the estimated one without it.
            progress: told draws done and draws in all.

        Raises:
            InputError: a table that cannot be; nothing was kept.
            RunError: it did not finish; nothing was kept.
        """
        from ytterby.run import coupling

        chosen = self.open_run(run)
        setting = None if table is None else coupling.Setting.of(Path(table))
        return coupling.couple(chosen, setting, progress=progress)

    @staticmethod
    def check_economy(table: Path | str) -> None:
        """Raises InputError for a folder with a table of one's own that `economy` would refuse."""
        from ytterby.run import coupling

        coupling.Setting.of(Path(table))

    def losses(self, run: str = "latest", against: str | None = None) -> list[dict[str, Any]]:
        """What a run costs by region, sector and period: the rows of its newest economy (see `run.losses.rows`)."""
        from ytterby.run import losses

        other = None if against is None else losses.opened(self.open_run(against))
        return losses.rows(losses.opened(self.open_run(run)), other)

    def show(self, run: str, metric: str, against: str | None = None) -> list[dict[str, Any]]:
        """The rows of one metric of a run, or of its difference to the run `against`; ``economy`` is one of them."""
        from ytterby.run.metrics import ECONOMY

        return self.losses(run, against) if metric == ECONOMY else super().show(run, metric, against)
