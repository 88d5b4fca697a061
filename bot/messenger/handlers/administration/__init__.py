"""What administrators do by messages."""
