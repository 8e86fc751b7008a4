"""Home to the measurements: how fast the chain runs, in how much memory, how both grow."""
