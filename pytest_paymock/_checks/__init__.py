"""The checks at the end of a test, guards included."""
