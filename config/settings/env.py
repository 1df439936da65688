"""The environment, read once and typed. Unset means the embedded default."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("LENDCRAFT_DEMO", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(VAR_DIR)))
