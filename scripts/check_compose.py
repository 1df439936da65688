"""Check docker-compose.yml, and prove its commands without a container engine.

    python scripts/check_compose.py                     shape, references, no secrets
    python scripts/check_compose.py --start [--port N]  also starts each service's own command as a local process with
                                                        this machine's PostgreSQL, Redis and nginx (ports N .. N+3), and
                                                        asks through nginx: health, a page, a byte range of a video

What it cannot prove is that the image builds (docs/operators.md).
"""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from compose_processes import Failed, start_and_ask

ROOT = Path(__file__).resolve().parent.parent
SERVICES = {"web", "worker", "media-worker", "scheduler", "postgres", "redis", "proxy"}
SECRET_NAME = re.compile(r"SECRET|PASSWORD|TOKEN")
FROM_OUTSIDE = re.compile(r"\$\{[A-Z_]+:\?[^}]+\}")


def faults(compose: dict[str, Any]) -> list[str]:
    """What is wrong with the file, in words."""
    schema = json.loads((ROOT / "scripts/compose.schema.json").read_text(encoding="utf-8"))
    found = [
        f"{'.'.join(str(step) for step in error.absolute_path)}: {error.message}"
        for error in jsonschema.Draft202012Validator(schema).iter_errors(compose)
    ]
    if found:
        return found
    services = compose["services"]
    found += [f"services: {name} is missing" for name in sorted(SERVICES - set(services))]
    for name, service in services.items():
        found += [f"services.{name}.{fault}" for fault in _service_faults(service, services, set(compose["volumes"]))]
    return found


def _service_faults(service: dict[str, Any], services: dict[str, Any], volumes: set[str]) -> list[str]:
    found = []
    for other, wanted in service.get("depends_on", {}).items():
        if other not in services:
            found.append(f"depends_on: there is no service {other}")
        elif wanted["condition"] == "service_healthy" and "test" not in services[other].get("healthcheck", {}):
            found.append(f"depends_on: {other} has no health check to wait for")
    for mount in service.get("volumes", []):
        source = mount.partition(":")[0]
        known = (ROOT / source).exists() if source.startswith(".") else source in volumes
        if not known:
            found.append(f"volumes: there is no {source}")
    for key, value in service.get("environment", {}).items():
        if SECRET_NAME.search(key) and not FROM_OUTSIDE.fullmatch(value):
            found.append(f"environment.{key}: a secret must come from outside: ${{{key}:?why}}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", action="store_true")
    parser.add_argument("--port", type=int, default=8110)
    options = parser.parse_args()

    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    if found := faults(compose):
        print("\n".join(f"docker-compose.yml: {fault}" for fault in found))
        return 1
    if options.start:
        try:
            start_and_ask(compose["services"], port=options.port)
        except Failed as problem:
            print(f"compose: {problem}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
