"""The script of the report's page, run in a browser; apart from the suite, for what it needs."""
