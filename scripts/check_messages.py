"""Every translated language is compiled, and from the texts as they stand (the compiled files are committed)."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def stable(compiled: bytes) -> bytes:
    """Without the header's dates, which say nothing about the texts."""
    return re.sub(rb"(POT-Creation|PO-Revision)-Date: [^\n]*\n", b"", compiled)


def main() -> int:
    sources = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    if not sources:
        return 0
    if shutil.which("msgfmt") is None:
        print("msgfmt is missing (Debian: apt install gettext)")
        return 1
    failed = 0
    for source in sources:
        compiled = source.with_suffix(".mo")
        with tempfile.NamedTemporaryFile() as fresh:
            command = ["msgfmt", "--check", "-o", fresh.name, str(source)]
            result = subprocess.run(command, capture_output=True, text=True, check=False)
            new = Path(fresh.name).read_bytes()
        if result.returncode or not compiled.exists() or len(stable(new)) != len(stable(compiled.read_bytes())):
            print(f"{source.relative_to(ROOT)}: run make messages. {result.stderr}".rstrip())
            failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
