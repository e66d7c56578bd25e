"""The data pipeline of a Customer Service Improvement Panel, from extracts to a pack."""
