"""What a test reads: records, queries, balances, assertions."""
