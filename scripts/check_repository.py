"""What no file may hold: registry hosts, paths of one machine, secrets; and no Python file outgrows 400 lines."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 400
INSTRUMENTS = {Path("bench/driver.py")}  # kept as it was when the published ratios were taken
MAX_BYTES = 20 * 1024 * 1024
# A class of one letter keeps each pattern from matching itself.
HOSTS = r"pyp[i]\.org|python[h]osted|registry\.npm[j]s|deb\.[d]ebian|crates\.[i]o"
CHECKOUTS = r"(?<![\w./])/(?:root|Users|mnt|work|farm)/"
FORBIDDEN = [
    (re.compile(HOSTS), "the host of a package registry"),
    (re.compile(CHECKOUTS), "a path of one machine"),
    (re.compile(r"BEGIN [A-Z ]*PRIVATE[ ]KEY"), "a private key"),
]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def faults(path: Path) -> list[str]:
    data = path.read_bytes()
    name = path.relative_to(ROOT)
    found = [f"{name}: {len(data) >> 20} MB, more than {MAX_BYTES >> 20}"] if len(data) > MAX_BYTES else []
    if b"\0" in data[:8192]:
        return found
    lines = data.decode("utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        found += [f"{name}:{number}: {meaning}" for pattern, meaning in FORBIDDEN if pattern.search(line)]
    if path.suffix == ".py" and "migrations" not in path.parts and name not in INSTRUMENTS and len(lines) > MAX_LINES:
        found.append(f"{name}: {len(lines)} lines, more than {MAX_LINES}: where is the seam?")
    return found


def main() -> int:
    found = [fault for path in tracked() for fault in faults(path)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
