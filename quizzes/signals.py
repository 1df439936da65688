"""What quizzes tells the floors above, inside its transaction.

``attempt_graded``: keyword arguments ``attempt`` (quizzes.Attempt, finished, of an enrolment) and ``result``
(quizzes.Result, the newest). Previews and other attempts outside an enrolment send nothing.

``practice_finished``: keyword argument ``run`` (quizzes.PracticeRun, finished, of an enrolment, one that counts).
"""

from django.dispatch import Signal

attempt_graded = Signal()
practice_finished = Signal()
