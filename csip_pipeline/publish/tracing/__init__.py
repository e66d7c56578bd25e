"""The trail of a published figure: its measure, rules, queries, files and contacts."""
