"""What was read, kept as it was: sources, every version of every article, and what was worked out from it."""
