"""A shop on ``httpx.Client``."""
