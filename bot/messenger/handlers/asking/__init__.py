"""Questions, their answers, and the buttons below these."""
