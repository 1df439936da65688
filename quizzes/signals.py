"""What quizzes tells the floors above, inside its transaction.

``attempt_graded``: keyword arguments ``attempt`` (quizzes.Attempt, finished) and ``result`` (quizzes.Result, the newest).
"""

from django.dispatch import Signal

attempt_graded = Signal()
