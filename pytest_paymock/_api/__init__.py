"""The documented HTTP contract, without a client library: endpoints, messages, schemas, answers."""
