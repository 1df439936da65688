"""The services of docker-compose.yml as local processes: their own commands and environment, other addresses."""

import contextlib
import http.client
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.supervisor import Child, Supervisor  # noqa: E402  (the path is set first: this is a script, not a package)

VARIABLE = re.compile(r"\$\$|\$\{([A-Z_]+)(?::([-?])([^}]*))?\}")
MEDIA_ADDRESS = re.compile(r"/courses/[\w-]+/media/[0-9a-f]{64}/[\w.-]+\.mp4")
LESSON_ADDRESS = re.compile(r'href="(/courses/[\w-]+/[\w-]+/)"')
OWN_FILE = re.compile(r'href="(/_proxy/[^"]+)"')
COURSE = "media/courses/ill-borrowing-101"
LIMIT = 240  # seconds, for whatever is waited for: a busy machine is not a fault


class Failed(Exception):
    """A service did not start, or an answer was not as it must be."""


@dataclass(frozen=True)
class Place:
    """Where the pieces of this trial live."""

    folder: Path
    postgres: int
    redis: int
    web: int
    proxy: int

    @property
    def settings(self) -> dict[str, str]:
        """What a library would write into its `.env`."""
        return {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ALLOWED_HOSTS": "learn.example.org,127.0.0.1",
            "SITE_URL": "https://learn.example.org",
            "EMAIL_URL": "smtp+tls://user:secret@127.0.0.1:587",
            "DEFAULT_FROM_EMAIL": "Lendcraft <noreply@example.org>",
            "POSTGRES_PASSWORD": secrets.token_urlsafe(16),
        }

    def localise(self, value: str) -> str:
        """Addresses inside the compose network become addresses on this machine."""
        for inside, here in {
            "postgres:5432": f"127.0.0.1:{self.postgres}",
            "redis:6379": f"127.0.0.1:{self.redis}",
            "web:8000": f"127.0.0.1:{self.web}",
            "/data/media": str(self.folder / "media"),
            "/data/making": str(self.folder / "making"),
        }.items():
            value = value.replace(inside, here)
        return value


def interpolate(value: str, settings: dict[str, str]) -> str:
    """Compose's own substitution: ``$$``, ``${NAME}``, ``${NAME:-default}``, ``${NAME:?message}``."""

    def fill(found: re.Match[str]) -> str:
        name, mark, rest = found.groups()
        if name is None:
            return "$"
        if settings.get(name):
            return settings[name]
        if mark == "?":
            raise Failed(f"{name}: {rest}")
        return rest or ""

    return VARIABLE.sub(fill, value)


def environment(service: dict[str, Any], place: Place, settings: dict[str, str]) -> dict[str, str]:
    """The service's environment as a container would get it, and nothing of the caller's but the path."""
    own = {key: place.localise(interpolate(text, settings)) for key, text in service.get("environment", {}).items()}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(place.folder), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", **own}


def start_and_ask(services: dict[str, Any], *, port: int) -> None:
    """Start all services, ask through the proxy, stop all. Raises ``Failed`` with what went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="lendcraft-compose-"))
    folder.chmod(0o755)
    place = Place(folder, *range(port, port + 4))
    for name in ("media", "data", "run", "log"):
        (folder / name).mkdir()
    supervisor = Supervisor(logs=folder / "log", pids=folder / "run")
    settings = place.settings
    try:
        start_postgres(supervisor, services["postgres"], place, settings)
        start_redis(supervisor, services["redis"], place, settings)
        run_once(services["migrate"], place, settings, interpolated(services["migrate"]["command"], settings))
        publish = ["import_course", COURSE, "--publish", "--kind", "minor", "--note", "Trial"]
        run_once(services["web"], place, settings, publish)
        for name in ("web", "worker", "media-worker", "scheduler"):
            command = ["sh", "deploy/entrypoint.sh", *interpolated(services[name]["command"], settings)]
            supervisor.start(name, command, env=app_environment(services[name], place, settings), cwd=ROOT)
        start_proxy(supervisor, services["proxy"], place, settings)
        ask(f"http://127.0.0.1:{place.proxy}")
        ask_in_vain(f"http://127.0.0.1:{place.proxy}", next(each for each in supervisor.children if each.name == "web"))
    except Failed as problem:
        raise Failed(f"{problem}\n{logs_of(supervisor)}") from problem
    finally:
        supervisor.stop()
        shutil.rmtree(folder, ignore_errors=True)


def interpolated(command: list[str], settings: dict[str, str]) -> list[str]:
    return [interpolate(word, settings) for word in command]


def app_environment(service: dict[str, Any], place: Place, settings: dict[str, str]) -> dict[str, str]:
    image = {"VAR_DIR": str(place.folder / "data"), "BIND": "127.0.0.1", "PORT": str(place.web)}
    return environment(service, place, settings) | image


def run_once(service: dict[str, Any], place: Place, settings: dict[str, str], command: list[str]) -> None:
    ended = subprocess.run(
        ["sh", "deploy/entrypoint.sh", *command],
        cwd=ROOT,
        env=app_environment(service, place, settings),
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise Failed(f"{' '.join(command)} failed:\n{ended.stdout}{ended.stderr}")
    print(f"ok    {' '.join(command[:2])}")


def start_postgres(supervisor: Supervisor, service: dict[str, Any], place: Place, settings: dict[str, str]) -> None:
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    if binaries is None:
        raise Failed("PostgreSQL is missing (Debian: apt install postgresql)")
    env = environment(service, place, settings)
    data, user = place.folder / "postgres", env["POSTGRES_USER"]
    data.mkdir(mode=0o700)
    owner: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(data, "postgres", "postgres")
        owner = {"user": "postgres", "group": "postgres"}
    given = place.folder / "password"
    given.write_text(env["POSTGRES_PASSWORD"], encoding="ascii")
    made = [binaries / "initdb", "-D", data, "-U", user, "--auth", "scram-sha-256", "--pwfile", given, "-E", "UTF8"]
    check([str(word) for word in made], env, **owner)
    command = [binaries / "postgres", "-D", data, "-h", "127.0.0.1", "-p", place.postgres, "-k", data]
    supervisor.start("postgres", [str(word) for word in command], env=env, **owner)
    login = {**env, "PGPASSWORD": env["POSTGRES_PASSWORD"]}
    where = ["-h", "127.0.0.1", "-p", str(place.postgres), "-U", user]
    until(lambda: quiet([str(binaries / "pg_isready"), *where], env), "PostgreSQL does not answer")
    check([str(binaries / "createdb"), *where, env["POSTGRES_DB"]], login)
    print("ok    postgres")


def start_redis(supervisor: Supervisor, service: dict[str, Any], place: Place, settings: dict[str, str]) -> None:
    data = place.folder / "redis"
    data.mkdir()
    here = ["--bind", "127.0.0.1", "--port", str(place.redis), "--dir", str(data)]
    command = [*interpolated(service["command"], settings), *here]
    supervisor.start("redis", command, env=environment(service, place, settings))
    answers = ["redis-cli", "-p", str(place.redis), "ping"]
    until(lambda: quiet(answers, dict(os.environ)), "Redis does not answer")
    print("ok    redis")


def start_proxy(supervisor: Supervisor, service: dict[str, Any], place: Place, settings: dict[str, str]) -> None:
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        raise Failed("nginx is missing (Debian: apt install nginx-light)")
    env = environment(service, place, settings)
    env |= {"LISTEN": f"127.0.0.1:{place.proxy}", "MEDIA_FOLDER": str(place.folder / "media")}
    env |= {"PAGES_FOLDER": str(ROOT / "deploy/pages"), "STATIC_FOLDER": str(ROOT / "static")}
    template = (ROOT / "deploy/nginx.conf.template").read_text(encoding="utf-8")
    site = re.sub(r"\$\{([A-Z_]+)\}", lambda found: env[found[1]], template)
    temporary = "".join(
        f"{kind}_temp_path {place.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = place.folder / "nginx.conf"
    configuration.write_text(
        f"{'user root;' if os.geteuid() == 0 else ''}\ndaemon off;\npid {place.folder}/nginx.pid;\nerror_log stderr;\n"
        f"events {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{temporary}{site}}}\n",
        encoding="utf-8",
    )
    env["PATH"] += ":/usr/sbin"
    supervisor.start("proxy", [shutil.which("nginx", path=env["PATH"]), "-c", str(configuration)], env=env)
    print("ok    proxy starts")


def ask(site: str) -> None:
    """Health, a page, its stylesheet, and a byte range of a video that the proxy sends."""
    until(lambda: fetch(f"{site}/health/live")[0] == 200, "the site does not answer through the proxy")
    until(lambda: fetch(f"{site}/health/ready")[0] == 200, lambda: f"not ready: {fetch(f'{site}/health/ready')[2]!r}")
    print("ok    /health/ready: database, cache, broker, storage, worker")
    video = next(videos(site), None)
    if video is None:
        raise Failed("no public lesson shows a video, so byte ranges cannot be tried")
    status, headers, body = fetch(site + video, {"Range": "bytes=100-1123"})
    if (status, len(body)) != (206, 1024) or not headers.get("Content-Range", "").startswith("bytes 100-1123/"):
        raise Failed(f"a byte range of {video} answers {status} with {len(body)} bytes and {dict(headers)}")
    if "X-Accel-Redirect" in headers or headers.get("Content-Type") != "video/mp4":
        raise Failed(f"the proxy did not send {video} itself: {dict(headers)}")
    digest = video.split("/")[4]
    if fetch(f"{site}/_media/{digest[:2]}/{digest}")[0] != 404:
        raise Failed("the media folder can be read past the application")
    print("ok    a byte range of a video, sent by the proxy; the folder itself is closed")


def ask_in_vain(site: str, web: Child) -> None:
    """What the proxy says itself: a file larger than it takes, and anything once the application is gone."""
    too_much = http.client.HTTPConnection(site.removeprefix("http://"), timeout=10)
    too_much.request("POST", "/", headers={"Content-Length": str(2**40)})
    answer = too_much.getresponse()
    dressed(site, 413, answer.status, answer.read())
    web.process.terminate()
    web.process.wait(web.patience)
    status, _headers, body = fetch(f"{site}/courses/")
    dressed(site, 502, status, body)
    for code in (413, 502, 503, 504):
        if fetch(f"{site}/_proxy/pages/{code}.html")[0] == 200:
            raise Failed(f"the page for {code} can be asked for as if it were one of the site's")
    print("ok    the proxy's own pages for 413 and 502, dressed without the application")


def dressed(site: str, wanted: int, status: int, body: bytes) -> None:
    page = (ROOT / f"deploy/pages/{wanted}.html").read_bytes()
    if (status, body) != (wanted, page):
        raise Failed(f"for {wanted} the proxy answers {status} and {body[:200]!r}")
    for address in OWN_FILE.findall(page.decode()):
        if fetch(site + address)[0] != 200:
            raise Failed(f"the page for {wanted} needs {address}, and the proxy has none")


def videos(site: str) -> Iterator[str]:
    slug = Path(COURSE).name
    page = fetch(f"{site}/courses/{slug}/")[2].decode()
    for lesson in sorted({found for found in LESSON_ADDRESS.findall(page) if f"/{slug}/" in found}):
        yield from MEDIA_ADDRESS.findall(fetch(site + lesson)[2].decode())


def fetch(address: str, headers: dict[str, str] | None = None) -> tuple[int, Any, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers or {}), timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.headers, problem.read()
    except (urllib.error.URLError, ConnectionError, TimeoutError) as problem:
        return 0, {}, str(problem).encode()


def until(holds: Callable[[], bool], otherwise: str | Callable[[], str]) -> None:
    deadline = time.monotonic() + LIMIT
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(otherwise if isinstance(otherwise, str) else otherwise())
        time.sleep(0.3)


def quiet(command: list[str], env: dict[str, str]) -> bool:
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode == 0


def check(command: list[str], env: dict[str, str], **owner: Any) -> None:
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd="/", **owner)
    if ended.returncode:
        raise Failed(f"{command[0]} failed: {ended.stderr}")


def logs_of(supervisor: Supervisor) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(f"-- {log.stem}\n{log.read_text()[-2000:]}" for log in sorted(supervisor.logs.glob("*.log")))
    return ""
