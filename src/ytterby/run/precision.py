"""Home to the precision of jax: wide everywhere, as mass must close to 1e-9 of flow. Imported before jax is used."""

from __future__ import annotations

import jax

jax.config.update("jax_enable_x64", True)
