"""Which figures the public edition of a pack hides, and the proof that nobody can work them out."""
