"""A biller on ``httpx.AsyncClient``."""
