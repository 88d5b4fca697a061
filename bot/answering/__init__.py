"""From a question to an Answer: claim, evidence, statements, verdict, and how sure."""
