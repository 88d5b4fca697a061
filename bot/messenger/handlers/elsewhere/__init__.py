"""Where the bot is called in chats that are not its own: inline and as a guest."""
