"""Home to the one door: open a project folder and ask it things. It only delegates; each room is imported when asked.

>>> import ytterby
>>> project = ytterby.init("demo")  # doctest: +SKIP
>>> project.read(["articles/"])  # doctest: +SKIP
>>> run = project.run("april-2025", draws=1000)  # doctest: +SKIP
>>> project.show(run.id, "exports")  # doctest: +SKIP
"""

from __future__ import annotations

from pathlib import Path
from typing import final

from ytterby.project.bargaining import Bargaining
from ytterby.project.economies import Economies
from ytterby.project.explaining import Explaining
from ytterby.project.hedging import Hedging
from ytterby.project.investing import Investing
from ytterby.project.law import Rules
from ytterby.project.outgoing import Outgoing
from ytterby.project.parts import Parts
from ytterby.project.risks import Risks

__all__ = ["Project", "init", "open"]


@final
class Project(Explaining, Hedging, Investing, Bargaining, Economies, Parts, Risks, Rules, Outgoing):
    """A folder with what was read, what was added and what was run; every question goes through it."""


def open(path: Path | str | None = None) -> Project:
    """The project at `path`; without it the nearest one upward from here, else the user's own default.

    Raises:
        StoreError: there is no project there, or it cannot be read.
    """
    from ytterby.store import folder

    return Project(folder.find(None if path is None else Path(path)))


def init(path: Path | str) -> Project:
    """A new project in the folder `path`, which is made and must be empty.

    Raises:
        StoreError: something else is in the folder, or it cannot be written.
    """
    from ytterby.store import folder

    return Project(folder.init(Path(path)))
