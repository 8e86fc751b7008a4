"""Home to the chain model of rare earths: state, phases of a step, forcing."""
