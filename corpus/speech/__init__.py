"""Who speaks in a sentence: verbs of saying, noun phrases, the people and bodies of an article."""
