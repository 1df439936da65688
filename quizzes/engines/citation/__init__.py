"""The engine ``citation``: a damaged citation, a small catalogue to search, fields to mend, and a verdict."""

from quizzes.engines.citation.engine import Citation

__all__ = ["Citation"]
