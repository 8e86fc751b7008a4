"""Home to bargains: what each side can get at the table, from payoffs that the simulator gave.

`games` and `equilibria` are the one-shot game, `frontier` the bargaining set, `repeated` the game played again and
again, `robust` what is left of it when payoffs are drawn; `table` is the file a bargain is written in, `weights`,
`moves` and `payoffs` make payoffs of it, `rates` what a lever is worth, and `answer` puts them together.
"""
