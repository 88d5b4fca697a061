"""Makes what the product ships fitted; never imported by it."""
