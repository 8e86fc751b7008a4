"""Home to fits on file: the posterior of fitted parameters as an ensemble of standard normal scores.

Scores, not values: they stay inside whatever range the scenario gives a parameter, and they say at once how far
the observations moved it from its prior (0, 1).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.run.draws import Parameter
from ytterby.store import atomic
from ytterby.terms.errors import BadValue


@dataclass(frozen=True)
class Fitted:
    """A posterior ensemble."""

    scenario: str
    names: tuple[str, ...]
    scores: NDArray[np.float64]
    """(parameter, member) standard normal scores."""
    about: Mapping[str, Any]
    """What it was fitted on: until, observations with predicted and observed, iterations, prior hash, discrepancy."""

    @property
    def hash(self) -> str:
        """Hash of the ensemble."""
        return hashlib.sha256(repr(self.names).encode() + np.round(self.scores, 6).tobytes()).hexdigest()[:16]

    @property
    def discrepancy(self) -> float:
        """Standard deviation of ln(observed / modelled) over the fitted months: what the model cannot explain."""
        return float(self.about.get("discrepancy", 0.0))


def values(fitted: Fitted, parameters: Iterable[Parameter], draws: int) -> dict[str, NDArray[np.float64]]:
    """Values of the fitted parameters that the model has, (draw,) each; members are used in turn."""
    known = {p.name: p for p in parameters}
    member = np.arange(draws) % fitted.scores.shape[1]
    return {
        name: known[name].from_normal(row[member])
        for name, row in zip(fitted.names, fitted.scores, strict=True)
        if name in known
    }


def save(fitted: Fitted, folder: Path) -> Path:
    """Write a fit as ``<scenario>.json``, whole or not at all."""
    path = folder / f"{fitted.scenario}.json"
    document = {
        "scenario": fitted.scenario,
        "about": fitted.about,
        "scores": {name: np.round(row, 4).tolist() for name, row in zip(fitted.names, fitted.scores, strict=True)},
    }
    atomic.write(path, (json.dumps(document, ensure_ascii=False, indent=None, default=str) + "\n").encode())
    return path


def load(path: Path) -> Fitted:
    """Read a fit from a file. Raises BadValue when it is not one."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        names = tuple(document["scores"])
        scores = np.array([document["scores"][name] for name in names], dtype=float)
        return Fitted(document["scenario"], names, scores, document["about"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadValue("this is not a fit", place=str(path), remedy="run `ytterby fit` again") from error


def find(scenario: str, folder: Path | None = None) -> Fitted | None:
    """The fit of a scenario: the project's own, else the package's, else None."""
    shipped = Path(str(resources.files("ytterby"))) / "data" / "fits"
    for place in ((folder,) if folder else ()) + (shipped,):
        path = place / f"{scenario}.json"
        if path.is_file():
            return load(path)
    return None
