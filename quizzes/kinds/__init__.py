"""What quizzes adds to courses: the lesson kind ``quiz`` and the block ``check``."""
