"""Home to decisions: which sentence matters, what to buy, what to build, what to trade.

Each asks the same simulator: `explain` its gradients, `hedge` the draws of a run, `invest`, `stockpile` and `bargain`
trials of scenarios that differ in what is decided (see `run.trials`).
"""
