"""The processes that a bench run needs, all on loopback, all its own: PostgreSQL, two applications, nginx."""

import getpass
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2


@dataclass
class Servers:
    """Starts processes, notes their ids for the driver, and ends them in reverse order."""

    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, command: list[str], *, env: dict[str, str] | None = None, cwd: Path = ROOT) -> Path:
        """Start ``command``; the path of its pid file."""
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(command, env=env, cwd=cwd, stdout=log, stderr=subprocess.STDOUT)
        self.running.append(process)
        pid_file = self.folder / f"{name}.pid"
        pid_file.write_text(f"{process.pid}\n")
        return pid_file

    def stop(self) -> None:
        for process in reversed(self.running):
            process.terminate()
        for process in reversed(self.running):
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(answers: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Wait until ``answers()`` is true; exit with a sentence when it never is."""
    deadline = time.monotonic() + seconds
    while not answers():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not start; see its log.")
        time.sleep(0.1)


def _postgres_binary(name: str) -> str:
    found = shutil.which(name) or next((str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), "")
    if not found:
        sys.exit(f"make bench needs PostgreSQL's server programs ({name} is missing): apt install postgresql")
    return found


def start_postgres(servers: Servers, port: int) -> tuple[Path, str]:
    """A cluster of its own with pg_stat_statements; pid file and the URL without a database."""
    data = servers.folder / "postgres"
    prefix: list[str] = []
    if getpass.getuser() == "root":  # PostgreSQL refuses to run as root
        prefix = ["runuser", "-u", "postgres", "--"]
        account = pwd.getpwnam("postgres")
        os.chown(servers.folder, account.pw_uid, account.pw_gid)
    init = [*prefix, _postgres_binary("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run(init, check=True, stdout=subprocess.DEVNULL)
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": data,
        "shared_preload_libraries": "pg_stat_statements",
        "shared_buffers": "256MB",
        "max_connections": 60,
    }
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    pid = servers.start("postgres", [*prefix, _postgres_binary("postgres"), "-D", str(data), *flags])
    url = f"postgres://postgres@127.0.0.1:{port}"

    def answers() -> bool:
        try:
            psycopg.connect(f"{url}/postgres", connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True

    wait_for(answers, "PostgreSQL")
    with psycopg.connect(f"{url}/postgres", autocommit=True) as link:
        link.execute("CREATE EXTENSION pg_stat_statements")
        link.execute("CREATE DATABASE control")
        link.execute("CREATE DATABASE lendcraft")
    return pid, url


def granian(port: int, application: str, *, folder: Path = ROOT) -> list[str]:
    """The same server, the same number of processes and threads, for both sides."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(WORKERS), "--blocking-threads", "2", "--no-ws", "--working-dir", str(folder), application),
    ]


def nginx_config(folder: Path, *, port: int, application: int, control: int, media: Path, static: Path) -> str:
    """One web server in front of both: the control answers on ``port + 1``; ``/file`` there is nginx alone."""
    return f"""
daemon off; worker_processes 1; pid {folder}/nginx.real.pid; error_log {folder}/nginx.error.log;
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  keepalive_requests 100000; sendfile on;
  upstream ours {{ server 127.0.0.1:{application}; keepalive 16; }}
  upstream control {{ server 127.0.0.1:{control}; keepalive 16; }}
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
  server {{
    listen 127.0.0.1:{port};
    gzip on; gzip_min_length 1000; gzip_types text/css text/javascript application/javascript image/svg+xml;
    location / {{ proxy_pass http://ours; }}
    location /_media/ {{ internal; alias {media}/; }}
  }}
  server {{
    listen 127.0.0.1:{port + 1};
    location / {{ proxy_pass http://control; }}
    location /file/ {{ alias {static}/; }}
  }}
}}
"""
