"""Home to the world: its tables, the build from claims to arrays, checks, overlays and scenarios."""
