"""Who printed an article, who wrote it, when and in which language, as its page or its file says."""
