"""Home to the project's answers to what each side of the table can get."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.project.deciding import Deciding
from ytterby.project.opened import Progress, whole_number

if TYPE_CHECKING:
    from ytterby.decisions.bargain.table import Bargain
    from ytterby.decisions.kept import Decision


class Bargaining(Deciding):
    """The side of a project that says what each side of the table can get."""

    def bargains(self) -> list[dict[str, Any]]:
        """The bargains of the package and those in the project's folder ``bargains/``: id, title, question, sides."""
        from ytterby.decisions.bargain import table

        found = [table.load(name, self.path) for name in table.names(self.path)]
        return [
            {
                "id": one.id,
                "title": one.title.model_dump(),
                "question": one.question.model_dump(),
                "scenario": one.scenario,
                "from": one.date,
                "sides": {side.id: [policy.id for policy in side.policies] for side in one.sides},
            }
            for one in found
        ]

    def bargain_file(self, name: str | Path) -> Bargain:
        """One bargain by name, or by the path of its file."""
        from ytterby.decisions.bargain import table

        return table.load(name, self.path)

    def bargain(
        self,
        name: str | Path,
        draws: int = 100,
        seed: int = 0,
        *,
        years: Sequence[int] | None = None,
        discount: float | None = None,
        progress: Progress | None = None,
    ) -> Decision:
        """Plays a bargain: payoffs of every pair of policies from trials on the same draws, and all that follows.

        The answer is kept under `decisions/`; the same question on the same inputs gives it back without a trial.

        Args:
            name: a bargain's name, or the path of its YAML file.
            draws: worlds of each pair of policies.
            seed: of the draws.
            years: in which the game is played again; those of the file without it.
            discount: worth of next year's dollar in this one; that of the file without it.
            progress: draws done and draws to do, over all trials.

        Raises:
            InputError: the file, a number, a region or a lever is refused; nothing was kept.
        """
        from ytterby.decisions.bargain import keeping, payoffs, playing, table
        from ytterby.decisions.bargain.repeated import checked
        from ytterby.evidence import weigh

        whole_number(draws, "draws", least=1)
        whole_number(seed, "seed", least=0)
        told = table.load(name, self.path)
        asked = keeping.Asked(
            told,
            self.scenario(told.scenario),
            draws,
            seed,
            checked(told.discount if discount is None else discount),
            keeping.later(told, years),
        )
        network = self.network_of(asked.scenario)
        claims = weigh.claim_set(self.claims(known=asked.scenario.world_known), asked.scenario.world_known)
        inputs = keeping.inputs(asked, network, claims, fit=self._fit_of(asked.scenario))
        found = keeping.found(self.path / "decisions", inputs)
        if found is not None:
            return found

        def tried(plans: Any, each: Any) -> None:
            self.trials(plans, draws, seed, keep=payoffs.KEEP, progress=progress, each=each)

        played = playing.play(
            told, asked.scenario, network, tried, draws=draws, seed=seed, later=asked.later
        )  # fmt: skip
        return keeping.keep(self.path / "decisions", asked, inputs, played, network)

    def _fit_of(self, plan: Any) -> str:
        fitted = self._fitted(plan)
        return fitted.hash if fitted else ""
