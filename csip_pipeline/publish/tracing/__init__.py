"""The trail of a published figure: from a cell to its measure, rules, queries, files and contacts."""
