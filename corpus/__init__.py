"""A file or page becomes an Article, its sentences with offsets, voice and speaker, and its passages."""
