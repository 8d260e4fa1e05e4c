"""What a test decides: outcomes, faults, arranged state."""
