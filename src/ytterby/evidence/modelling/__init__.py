"""Home to what lies behind the language model: how it is asked, in which words, and how its answer is checked."""

from __future__ import annotations
