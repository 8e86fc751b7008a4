"""Home to risk indices: concentration, dependence, GeoPolRisk and the supply risk of the EU, by stage and element."""

from __future__ import annotations
