"""A till on ``httpx.Client``, naive and careful."""
