"""Settings: every tunable with its unit, read once by the entry points."""
