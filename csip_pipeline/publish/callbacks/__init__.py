"""Proactive callbacks: who is owed an explanation, by what safe way, once, and what came of it.

ledger remembers, gate holds, channels reach people, issuing brings them together.
"""
