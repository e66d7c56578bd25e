"""Every channel restated in one language: contacts, the legs of calls, and who people are."""
