"""Support for other mocks that are active beside the fake, one module each."""
