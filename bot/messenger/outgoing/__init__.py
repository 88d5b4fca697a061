"""To Telegram: each message once, paced, tried again, and never sent where it cannot arrive."""
