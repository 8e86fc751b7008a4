"""Home to the hedge: what a buyer should stock, contract, apply for and qualify now, and what it spares her later.

A company's file (`company`) meets the draws of a scenario (`arrivals`) in a case (`case`): what arrives of every order,
by month and draw. A stochastic programme with a bound on the bad tail chooses (`programme`), a buyer without foresight
plays it out (`playing`), and three plain policies are played on the same draws (`rivals`).
"""
