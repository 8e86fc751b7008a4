"""Home to engines: where the chunks of an ensemble are simulated, this machine or many."""
