"""What the bot remembers across restarts, in one SQLite file: a module for each table, all of it plain values."""
