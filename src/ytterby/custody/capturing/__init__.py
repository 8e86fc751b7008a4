"""How events come in: sources cut into parts, parts read by a crew of processes, one writer behind them."""
