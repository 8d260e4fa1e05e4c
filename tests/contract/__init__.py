"""The documented HTTP contract, as each client library sees it."""
