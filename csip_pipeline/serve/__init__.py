"""`csip serve`: the door of the Commissioner's office, a small site without any JavaScript."""
