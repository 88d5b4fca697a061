"""Telling an article from the page it stands on."""
