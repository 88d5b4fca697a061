"""Builds on disk: what one is, which answers, who reads and who writes, and how one is carried elsewhere."""
