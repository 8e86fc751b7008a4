"""Home to small buyers for the tests, in the toy world, and to weather made by hand."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from bench.hedge import Invented

from ytterby.decisions.hedge import case as cases
from ytterby.decisions.hedge.arrivals import Floats
from ytterby.decisions.hedge.case import Case
from ytterby.decisions.hedge.company import Company
from ytterby.world.network import Network

START = datetime.date(2027, 1, 1)


class Weather(Invented):
    """Shares said by hand, by origin: (draw, month); prices stand still."""

    said: dict[str, Floats]

    def share(self, origin: str, region: str, grade: str, early: int = 0) -> Floats:
        """What was said, or all."""
        self.known(origin, region, grade)
        return self.said.get(origin, np.ones((self.count, self.months)))

    def price(self, grade: str, region: str) -> tuple[Floats, float]:
        """A hundred dollars."""
        return np.ones((self.count, self.months)), 100.0


def weather(network: Network, share: Any, origin: str = "CN") -> Weather:
    """One origin's shares, (draw, month)."""
    table = np.atleast_2d(np.asarray(share, dtype=float))
    made = Weather(network, START, table.shape[1], table.shape[0])
    made.said = {origin: table}
    return made


def told(**changed: Any) -> dict[str, Any]:
    """A buyer's file: one product of one magnet from China, ten units a day of one kg each."""
    return {
        "id": "small",
        "title": {"en": "Small", "zh": "小"},
        "start": START,
        "months": 6,
        "cash": 1e6,
        "holding": 0.0,
        "salvage": 1.0,
        "risk": {"alpha": 0.5, "weight": 0.0},
        "products": [
            {"id": "car", "region": "US", "units_per_day": 10, "margin": 1000,
             "materials": [{"material": "uh", "kg": 1.0}]},
        ],
        "materials": [{"id": "uh", "grade": "magnet.UH", "suppliers": [{"origin": "CN", "lead_days": 0}]}],
        "options": {"stock": [{"id": "spot", "material": "uh", "premium": 0.5, "days": 0}]},
    } | changed  # fmt: skip


def buyer(**changed: Any) -> Company:
    """The same, read."""
    return Company.model_validate(told(**changed))


def two_products(months: int = 6, **changed: Any) -> Company:
    """A buyer of two products that share a magnet, with a contract, a licence, a design and a mix to choose from."""
    rows = {
        "months": months,
        "holding": 0.1,
        "salvage": 0.7,
        "cash": 4e4,
        "risk": {"alpha": 0.8, "weight": 0.5},
        "products": [
            {"id": "car", "region": "US", "units_per_day": 10, "margin": 900, "idle_day": 500,
             "materials": [{"material": "uh", "kg": 1.0}, {"material": "n", "kg": 0.5}]},
            {"id": "van", "region": "US", "units_per_day": 4, "margin": 700,
             "materials": [{"material": "uh", "kg": 0.8}]},
        ],
        "materials": [
            {"id": "uh", "grade": "magnet.UH", "stock": 100.0, "suppliers": [{"origin": "CN"}]},
            {"id": "n", "grade": "magnet.N", "stock": 20.0,
             "suppliers": [{"origin": "CN", "share": 0.6}, {"origin": "mag_us", "share": 0.4}]},
        ],
        "options": {
            "stock": [{"id": "spot", "material": "uh", "premium": 0.5, "most_kg": 300, "days": 0},
                      {"id": "slow", "material": "uh", "origin": "CN", "premium": 0.02, "days": 90}],
            "contracts": [{"id": "deal", "material": "n", "origin": "mag_us", "premium": 0.2,
                           "most_kg_a_month": 90, "days": 30}],
            "licences": [{"id": "early", "kind": "early", "materials": ["uh"], "days": 60, "fee": 2000}],
            "sources": [{"id": "second", "material": "n", "origin": "mag_us", "premium": 0.1, "most_kg_a_month": 100,
                         "days": 60, "fee": 3000, "licence_free": True}],
            "designs": [{"id": "lean", "product": "car", "days": 90, "once": 5000, "a_unit": 20, "most": 0.5,
                         "materials": [{"material": "n", "kg": 1.6}]}],
            "mix": [{"id": "swap", "product": "car", "instead": "van", "days": 30, "most": 0.3}],
        },
    }  # fmt: skip
    return buyer(**(rows | changed))


def invented(network: Network, company: Company, draws: int = 12, seed: int = 0) -> Case:
    """A buyer in invented weather."""
    return cases.build(company, Invented(network, company.start, company.months, draws, seed))
