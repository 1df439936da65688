"""Branching conversations with a patron, a colleague or a supplier, and what comes of each line (F-160, F-161)."""

from quizzes.engines.conversation.engine import Conversation

__all__ = ["Conversation"]
