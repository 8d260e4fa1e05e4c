"""A back office on ``requests.Session``."""
