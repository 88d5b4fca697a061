"""What a person sees of the Telegram bot: real answers, drawn as a client draws them."""
