"""Home to the bench of the hedge: 200 draws of 40 materials solved, promised against played, and the three rivals."""

from __future__ import annotations

import datetime
import time
from typing import Any

import numpy as np

from ytterby.decisions.hedge import case as cases
from ytterby.decisions.hedge import playing, programme, rivals
from ytterby.decisions.hedge.arrivals import Floats, Outlook
from ytterby.decisions.hedge.company import Company
from ytterby.project import Project
from ytterby.run.draws import generator
from ytterby.world.network import Network

LIMIT_S = 60.0
GRADES = ("magnet.N", "magnet.SH", "magnet.UH", "magnet.EH")


class Invented(Outlook):
    """Shares that fall and come back by chance, the same for a name and seed, instead of two trials of a world."""

    def __init__(self, network: Network, start: datetime.date, months: int, draws: int, seed: int = 0) -> None:
        self.network, self.start, self.months, self.first = network, start, months, 0
        self.count, self.seed = draws, seed

    @property
    def draws(self) -> int:
        """How many draws."""
        return self.count

    @property
    def periods(self) -> tuple[str, ...]:
        """Months by name."""
        return tuple(f"M{k:02d}" for k in range(self.months))

    @property
    def starts(self) -> tuple[str, ...]:
        """Their first days."""
        return tuple((self.start + datetime.timedelta(days=30 * k)).isoformat() for k in range(self.months))

    def share(self, origin: str, region: str, grade: str, early: int = 0) -> Floats:
        """An autoregressive share about a mean of the origin, (draw, month)."""
        self.known(origin, region, grade)
        random = generator(self.seed, f"{origin}|{region}|{grade}")
        noise = random.standard_normal((self.count, self.months))
        path = np.zeros_like(noise)
        for month in range(self.months):
            path[:, month] = 0.8 * path[:, month - 1] + 0.6 * noise[:, month] if month else noise[:, 0]
        mean = 0.8 if origin == "CN" else 1.4
        return np.clip(mean + 0.45 * path, 0.0, 1.5)

    def price(self, grade: str, region: str) -> tuple[Floats, float]:
        """A random walk from 60 USD/kg."""
        random = generator(self.seed, f"price|{grade}|{region}")
        return np.exp(np.cumsum(0.04 * random.standard_normal((self.count, self.months)), axis=1)), 60.0

    def granted(self, region: str, months: int) -> Floats:
        """Half to all."""
        return 0.5 + 0.5 * generator(self.seed, f"granted|{region}").random(self.count)


def company(materials: int, products: int, months: int) -> Company:
    """An invented company: `products` products, each of a third of `materials` materials."""
    each = max(2, materials // 3)
    rows = [
        {
            "id": f"m{k:02d}", "grade": GRADES[k % len(GRADES)], "stock": 400.0,
            "suppliers": [{"origin": "CN", "share": 0.8}, {"origin": "mag_vac_de", "share": 0.2}],
        }
        for k in range(materials)
    ]  # fmt: skip
    made = [
        {
            "id": f"p{k}", "region": "DE", "units_per_day": 20 + 5 * k, "margin": 2000.0 + 400 * k, "idle_day": 20000.0,
            "materials": [
                {"material": f"m{(k * 5 + j) % materials:02d}", "kg": 0.3 + 0.1 * (j % 5)} for j in range(each)
            ],
        }
        for k in range(products)
    ]  # fmt: skip
    contracts = [
        {"id": f"c{k:02d}", "material": f"m{k:02d}", "origin": "mag_vac_de", "premium": 0.4, "most_kg_a_month": 500.0,
         "days": 90}
        for k in range(0, materials, 2)
    ]  # fmt: skip
    return Company.model_validate(
        {
            "id": "bench", "title": {"en": "A bench", "zh": "基准"}, "start": datetime.date(2027, 1, 1),
            "months": months, "cash": 6e6, "storage": 4e5, "products": made, "materials": rows,
            "options": {
                "contracts": contracts,
                "licences": [{"id": "early", "kind": "early", "days": 90, "fee": 4e5}],
            },
        }
    )  # fmt: skip


def rows(project: Project, draws: int = 200, materials: int = 40, months: int = 12) -> list[dict[str, Any]]:
    """What the bench prints, one figure a row."""
    network = project.world()
    firm = company(materials, 6, months)
    case = cases.build(firm, Invented(network, firm.start, months, draws))
    before = time.process_time()
    found = programme.solve(case, programme.limits_of(case))
    seconds = time.process_time() - before
    played = playing.play(case, found.plan)
    fresh = cases.build(firm, Invented(network, firm.start, months, draws, seed=1))
    again = playing.play(fresh, found.plan)
    told = [
        {"what": f"hedge: {draws} draws x {materials} materials x {months} months, CPU s", "value": seconds,
         "limit": LIMIT_S, "rows": found.rows, "columns": found.columns, "entries": found.entries},
        {"what": "hedge: relative duality gap", "value": found.gap, "limit": 1e-3},
        {"what": "hedge: |promised - played| / promised, same draws",
         "value": abs(playing.expected(case, played) / found.expected - 1.0), "limit": 0.1},
        {"what": "hedge: |promised - played| / promised, another seed",
         "value": abs(playing.expected(fresh, again) / found.expected - 1.0), "limit": 0.1},
    ]  # fmt: skip
    best = playing.mixed(case, played)
    for name, plan in rivals.plain(case, found.plan, programme.limits_of(case)).items():
        value = playing.mixed(case, playing.play(case, plan)) / best
        told.append({"what": f"hedge: cost of '{name}' over that of the plan", "value": value, "limit": 1.0})
    return told
