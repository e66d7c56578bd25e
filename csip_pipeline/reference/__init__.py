"""Reference tables: what a force says about itself. Their promises and the reader of their CSVs."""
