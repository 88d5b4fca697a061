"""An Answer as terminal text, as JSON, as a Telegram message: pure functions, no input or output."""
