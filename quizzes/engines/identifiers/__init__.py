"""The engine ``identifiers``: ISBN and ISSN by hand, and OpenURLs read step by step."""

from quizzes.engines.identifiers.engine import Identifiers

__all__ = ["Identifiers"]
