"""A question becomes a claim, evidence, statements, a verdict and an Answer; an Answer becomes text."""

__version__ = "0.1.0"
