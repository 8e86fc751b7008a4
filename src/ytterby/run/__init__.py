"""Home to runs: models, ensembles, records, metrics and hindcasts. Importing this room imports jax."""

from __future__ import annotations

import jax

jax.config.update("jax_enable_x64", True)  # mass must close to 1e-9 of flow
