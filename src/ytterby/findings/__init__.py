"""Home to findings: what a run found, in sentences, figures and tables, each with what it rests on."""

from __future__ import annotations

from ytterby.findings.compose import compose, headline

__all__ = ["compose", "headline"]
