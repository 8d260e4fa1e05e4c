"""One module a client library: native request in, native answer out, and nothing of payments."""
