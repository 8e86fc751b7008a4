"""Home to the peer of ensembles: the EMA workbench, run by the Python of an environment of its own.

`python peerema.py FOLDER` answers each line of its input, a number of experiments, by running as many of a model that
hands back what it is given, one after the other in one process, and printing the seconds: nothing but overhead.
"""

from __future__ import annotations

import sys
import time
import warnings


def model(x: float = 0.5) -> dict[str, float]:
    """The least a model can do."""
    return {"y": x}


def main() -> None:
    """Answers until its input ends."""
    warnings.simplefilter("ignore")
    from ema_workbench import Model, RealParameter, ScalarOutcome, SequentialEvaluator

    least = Model("least", function=model)
    least.uncertainties = [RealParameter("x", 0, 1)]
    least.outcomes = [ScalarOutcome("y")]
    for line in sys.stdin:
        with SequentialEvaluator(least) as evaluator:
            began = time.perf_counter()
            evaluator.perform_experiments(scenarios=int(line))
            took = time.perf_counter() - began
        print(f"took {took:.6f}", flush=True)


if __name__ == "__main__":
    main()
