"""One request from its first check to its last message, seen from the borrowing or from the lending desk.

``machine`` and the two tables say what may happen, ``desk`` keeps time and runs scripts, ``borrowing`` and ``lending`` are
the moves of either side, ``conditions`` and ``grading`` judge the log, ``generator`` invents worlds.
"""
