"""Parsers of strangers' files, and the limited process in which they run. ``running`` is the side of the caller."""
