"""Resolve pyproject.toml into the hashed lock files of requirements/. The files name no host."""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = {"base": None, "dev": "dev", "media": "media", "s3": "s3"}
FLAGS = ["--generate-hashes", "--no-annotate", "--no-header", "--universal", "--python-version", "3.11", "--quiet"]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder) / "bin" / "python"
        pip = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:"]
        subprocess.run([*pip, "-r", ROOT / "requirements/uv.lock"], check=True)
        for name, extra in EXTRAS.items():
            print(f"requirements/{name}.lock", flush=True)
            chosen = [*FLAGS, "-o", f"requirements/{name}.lock", *(["--extra", extra] if extra else [])]
            subprocess.run([python, "-m", "uv", "pip", "compile", "pyproject.toml", *chosen], check=True, cwd=ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
