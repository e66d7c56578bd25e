"""What the panel, the contact team and the PCC office are given: callbacks and packs."""
