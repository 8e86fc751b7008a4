"""The passport of a lot: what it is, where it is from, which regimes it satisfies, and what shows it, offline."""
