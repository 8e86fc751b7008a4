"""The rare-earth tracking system: events in, lots traced, balances closed, leaks found, reports and passports out.

`event` is what happened, `epcis` how it is written down, `ledger` where it is kept, `capture` the way from the one to
the other, `book` what the ledger says in columns; on the book stand `genealogy`, `balance`, `alarms`, `drawdown`,
`monthly` and `passport`.
"""
