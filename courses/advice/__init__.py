"""What an author may want to change before publishing, and may leave: pure rules over a lesson's content.

``registry`` holds the rules, each family of them is a module of its own; ``reading`` reads a text once for all of them.
What *forbids* publishing is no advice: it stands in ``courses.checks``.
"""
