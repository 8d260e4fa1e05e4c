"""The hooks, fixtures and options of a run that uses the fake."""
