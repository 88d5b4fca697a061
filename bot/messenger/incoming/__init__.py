"""From Telegram: updates journalled before they are acknowledged, limits, lanes that are fair to each chat."""
