"""One file a format: how its rows are read as text, and how they become a feed's rows."""
