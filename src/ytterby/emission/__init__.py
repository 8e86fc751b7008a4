"""A year of the chain as events, with diversions planted and mistakes made: a truth that detection is measured against.

`plan` says what is planted, `holdings` what lies where in truth, `year` walks the weeks of a run's traffic, `recording`
is what the firms write down of it, `registers` who they say they are.
"""
