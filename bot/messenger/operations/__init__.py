"""For the person who runs it: logs, figures, health, the check before a start."""
