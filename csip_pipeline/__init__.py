"""The data pipeline of a Customer Service Improvement Panel: extract, harmonise, measure, publish."""
