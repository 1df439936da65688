"""The demo's invented libraries and people, and what they have done so far."""
