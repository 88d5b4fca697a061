"""Dates, and the days that "on Thursday" or "last month" mean."""
