"""Passages become vectors, words and rows on disk; a question becomes hits."""
