"""The measured tables, one query each, and the pure statistics behind them."""
