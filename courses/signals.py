"""What courses tells the floors above, inside its transaction.

``lesson_activity``: a learner did something that counts. Keyword arguments:
    enrolment (courses.Enrolment, opened), lesson (courses.EditionLesson of the enrolment's edition),
    kind ``opened | done | transcript | watched``, payload dict (``watched``: session, spans [[from_ms, to_ms], …],
    position_ms, duration_ms), key (idempotency key, unique within the enrolment), occurred_at, actor (User).
``enrolment_moved``: an enrolment was pinned to another edition. Arguments: enrolment, from_edition, to_edition, actor.
"""

from django.dispatch import Signal

lesson_activity = Signal()
enrolment_moved = Signal()
