"""Home to explain: which figure, and which sentence behind it, moves an outcome, and what knowing it is worth.

The slopes come from one reverse pass (`run.gradient`); `effects` turns them into changes per standard deviation and
`sentences` into what each claim moves; `sobol` and `worth` ask the same of the hard model over its whole spread.
"""
