"""The only folder that knows Dagster: one file a word, and what the words share."""
