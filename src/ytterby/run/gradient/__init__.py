"""Home to gradients: one scalar outcome of a chain run and its derivative by every input, in one reverse pass.

`objective` is the contract of an outcome, with one member a file (`stops`, `shortfalls`, `exports`, `prices`,
`sufficiency`); `adjoint` runs it forward and backward; `tangents` carries the derivatives by constants and forcing on
to the named parameters, and `numbers` to every number of the network that no parameter is drawn for.
"""
