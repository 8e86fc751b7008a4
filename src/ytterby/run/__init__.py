"""Home to runs: models, ensembles, records, metrics and hindcasts. What reads a kept run does not import jax."""
