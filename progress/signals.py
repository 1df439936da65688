"""What progress tells the floors above, inside its transaction.

``course_completed``: keyword argument ``completion`` (progress.Completion, just made).
"""

from django.dispatch import Signal

course_completed = Signal()
