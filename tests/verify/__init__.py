"""``paymock verify``, the shadow run, and the service that both are tried against."""
