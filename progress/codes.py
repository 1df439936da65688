"""Certificate codes: ``LC-7K4M-Q2XD``, made of signs that cannot be mistaken for each other (Crockford's base 32)."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
PREFIX = "LC"


def new_code() -> str:
    """A code that nobody can guess: eight random signs, 40 bits."""
    signs = "".join(secrets.choice(ALPHABET) for _each in range(8))
    return f"{PREFIX}-{signs[:4]}-{signs[4:]}"


def read_code(text: str) -> str:
    """The code that somebody typed, in its proper form; empty when it cannot be one.

    Capitals, spaces and hyphens do not matter, O is read as 0, I and L as 1, U as V; the prefix may be missing.
    """
    signs = re.sub(r"[\s\-‐‑–—_.]", "", text.upper())
    if len(signs) == 10 and signs[:2] == PREFIX:
        signs = signs[2:]
    signs = signs.translate(LOOK_ALIKES)
    if len(signs) != 8 or not set(signs) <= set(ALPHABET):
        return ""
    return f"{PREFIX}-{signs[:4]}-{signs[4:]}"
