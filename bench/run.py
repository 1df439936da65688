"""Measure the site beside the control in one run; prints a table of ratios.

    make bench [ARGS="--only catalogue --pairs 3 --keep"]

Everything is started here and ended here. Results: bench/results/<time>.json and the table on standard output.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.plan import build_plan
from bench.servers import Servers, granian, nginx_config, start_postgres, wait_for
from bench.weight import print_weight
from core.embedded import free_port, start_broker

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except OSError:  # an error of the proxy's is one of these too
        return False


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--pairs", type=int, default=0)
    parser.add_argument("--memory", action="store_true", help="row 18 too: 20,000 requests more")
    parser.add_argument("--crowd", action="store_true", help="row 17: 200 people start a quiz, then hand it in at once")
    parser.add_argument("--keep", action="store_true", help="leave the folder of logs and data")
    parser.add_argument("--hold", action="store_true", help="start everything and wait: to look at pages by hand")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lendcraft-bench-"))
    folder.chmod(0o755)
    servers = Servers(folder)
    try:
        measure(servers, folder, options)
    finally:
        servers.stop()
        if not options.keep:
            subprocess.run(["rm", "-rf", str(folder)], check=False)


def measure(servers: Servers, folder: Path, options: argparse.Namespace) -> None:
    ports = {name: free_port() for name in ("postgres", "ours", "control")}
    front = free_port()
    database_pid, url = start_postgres(servers, ports["postgres"])
    broker = start_broker(folder=folder / "queue", log=folder / "broker.log")
    servers.running.append(broker.process)
    var = folder / "var"
    ours_env = {
        **os.environ,
        "DATABASE_URL": f"{url}/lendcraft",
        "REDIS_URL": broker.url,
        "VAR_DIR": str(var),
        "SECRET_KEY": "bench " * 12,
        "LENDCRAFT_DEMO": "1",
        "SITE_URL": f"http://127.0.0.1:{front}",
        "MEDIA_ACCEL_PREFIX": "/_media/",
        "HASHED_STATIC": "1",
        "LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    control_env = {
        **os.environ,
        "CONTROL_DB_NAME": "control",
        "CONTROL_DB_USER": "postgres",
        "CONTROL_DB_PORT": str(ports["postgres"]),
    }
    print("Preparing both databases ...", flush=True)
    cookies = subprocess.run(
        [sys.executable, "app.py", "setup"], cwd=BENCH / "control", env=control_env, check=True, capture_output=True
    )
    (folder / "control.cookies").write_bytes(cookies.stdout)
    for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--noinput", "--verbosity", "0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=ours_env, check=True)
    seeded = subprocess.run(
        [sys.executable, str(BENCH / "seed.py"), str(folder)], cwd=ROOT, env=ours_env, check=True, capture_output=True
    )
    facts = json.loads(seeded.stdout.splitlines()[-1])

    pids = {
        "ours": servers.start("ours", granian(ports["ours"], "config.wsgi:application"), env=ours_env),
        "control": servers.start(
            "control", granian(ports["control"], "app:application", folder=BENCH / "control"), env=control_env
        ),
    }
    config = folder / "nginx.conf"
    media = var / "media"
    config.write_text(
        nginx_config(
            folder, port=front, application=ports["ours"], control=ports["control"], media=media, static=folder / "file"
        )
    )
    pids["nginx"] = servers.start("nginx", ["nginx", "-c", str(config), "-p", str(folder)])
    pids["database"] = database_pid
    base, control = f"http://127.0.0.1:{front}", f"http://127.0.0.1:{front + 1}"
    wait_for(lambda: answers(f"{base}/health/live"), "the site")
    wait_for(lambda: answers(f"{control}/bare/"), "the control")
    plan = build_plan(base=base, control=control, folder=folder, facts=facts, pids=pids, port=ports["postgres"])
    plan_file = folder / "plan.json"
    plan_file.write_text(json.dumps(plan, indent=1))
    if options.hold:
        print(f"site {base}  control {control}  plan {plan_file}", flush=True)
        input("Enter ends it. ")
        return
    if options.crowd:
        subprocess.run([sys.executable, str(BENCH / "crowd.py"), str(plan_file), str(folder)], check=True)
        return
    play(options, plan_file, base, facts, folder)


def play(options: argparse.Namespace, plan_file: Path, base: str, facts: dict[str, Any], folder: Path) -> None:
    """Drive the plan and print what came of it."""
    results = BENCH / "results"
    results.mkdir(exist_ok=True)
    out = results / f"{time.strftime('%Y-%m-%d-%H%M')}.json"
    command = [sys.executable, str(BENCH / "driver.py"), "run", str(plan_file), "--out", str(out)]
    command += [part for text in options.only for part in ("--only", text)]
    command += ["--pairs", str(options.pairs)] if options.pairs else []
    subprocess.run(command, check=True)
    print_weight(base, facts, folder / "ours.cookies")
    subprocess.run([sys.executable, str(BENCH / "driver.py"), "table", str(out)], check=True)
    if options.memory:
        subprocess.run([sys.executable, str(BENCH / "memory.py"), str(plan_file)], check=True)


if __name__ == "__main__":
    main()
