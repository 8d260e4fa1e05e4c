"""The profile ``deployed`` (spec section 8)."""
