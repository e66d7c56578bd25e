"""Take what suppliers send, account for every row, and keep what holds to its feed's promise."""
