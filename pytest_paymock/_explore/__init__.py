"""Worlds: the same code again, each time with something else going wrong."""
