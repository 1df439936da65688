"""Item analysis: figures of a quiz and its questions from sums, what they mean in words, and how they are drawn."""
