"""Decks of slides as plain values: their Markdown, their pages as pictures, what is kept of both."""
