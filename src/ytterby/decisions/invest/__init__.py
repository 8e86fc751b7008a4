"""Home to investment: which capacity to build where and when, for a goal and a budget.

`deriving` makes a flow programme (`programme`) out of a scenario on the network, `solving` finds the cheapest plan for
a goal or the best one for a budget, `ladder` says which stage is the bottleneck after each step, `laying` turns the
plan into events of the scenario, and `simulated` sets what was promised beside what the draws made of it.
"""
