"""Erasure and retention: take a person, or what is too old, out of every store, and prove it."""
