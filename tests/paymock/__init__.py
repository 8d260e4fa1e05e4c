"""``Paymock`` itself: what a test asks of it, apart from the HTTP contract."""
