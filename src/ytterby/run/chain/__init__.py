"""Home to the chain model of rare earths: state, phases of a step, forcing."""

from __future__ import annotations

import ytterby.run.precision  # noqa: F401 - for what it sets
