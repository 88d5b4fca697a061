"""The Telegram bot under an hour of people, with faults: what was answered, lost and doubled, how fast, in how much memory."""
