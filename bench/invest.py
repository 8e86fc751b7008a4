"""Home to the measure of plans: duality gaps, small cases by hand, and what was promised beside what was simulated.

`python -m bench.invest [DRAWS]` asks the shipped questions in a project of its own and prints what must hold.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import ytterby

DRAWS = 32
QUESTIONS: dict[str, dict[str, Any]] = {
    "what 1.3 bn USD buy, alone": {"budget": 1.3e9},
    "what 1.3 bn USD buy, with partner mines": {"budget": 1.3e9, "partners": ("AR", "PK", "TR", "BR", "AU")},
    "40 % by 2030": {"goals": ("share=0.4@2030",)},
    "90 % by 2030, alone": {"goals": ("share=0.9@2030",)},
    "90 % by 2030, partners, no Chinese equipment": {
        "goals": ("share=0.9@2030",),
        "partners": ("AR", "PK", "TR", "BR", "AU"),
        "chinese_equipment": False,
    },
}
GAP = 1e-3
"""Largest duality gap a plan may have: 0.1 %."""


def rows(project: Any = None, draws: int = DRAWS) -> list[dict[str, Any]]:
    """Figure, value, limit and whether it holds."""
    if project is None:
        with tempfile.TemporaryDirectory() as folder:
            return rows(ytterby.init(Path(folder) / "project"), draws)
    found = []
    for name, asked in QUESTIONS.items():
        began = time.process_time()
        made = project.invest(draws=draws, **asked)
        taken = time.process_time() - began
        told = made.answer
        gap, promise = told["gap"], told["promise"]
        alone = _median(told, "capacity alone")
        found += [
            _row(f"{name}: duality gap", promise["gap"], f"<= {GAP:g}", ok=promise["gap"] <= GAP),
            _row(f"{name}: cost, USD m", promise["cost"] / 1e6, "", ok=True),
            _row(f"{name}: promised in {told['year']}, %", 100 * gap["promised"], "", ok=True),
            _row(f"{name}: simulated, %", 100 * gap["median"], "", ok=True),
            _row(f"{name}: simulated without promises to buy, %", 100 * alone, "", ok=True),
            _row(f"{name}: CPU s for {draws} draws of each way", taken, "", ok=True),
        ]
    return found


def _median(told: Any, name: str) -> float:
    one = told["simulated"][name]
    return float(one["bands"][one["years"].index(told["year"])]["median"])


def _row(figure: str, value: float, limit: str, *, ok: bool) -> dict[str, Any]:
    return {"figure": figure, "value": value, "limit": limit, "holds": ok}


def main() -> int:
    """Print the rows; 1 where a limit does not hold."""
    found = rows(draws=int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS)
    for row in found:
        sys.stdout.write(
            f"{row['figure']:70s} {row['value']:12.5g}  {row['limit']}{'' if row['holds'] else '  FAILS'}\n"
        )
    return 0 if all(row["holds"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
