"""The Telegram bot: what a message asks, the bounded queue of answers, sending, a quiet log."""
