"""Is an outside address there? Asked as a guest would, and never of what lies within a network.

Every hop is looked up first, refused unless all its addresses are public, and connected to by the very address that was
looked at, so that a name cannot mean another machine a moment later. Bodies are not read.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

SECONDS = 10
HOPS_MAX = 5
PORTS = {"http": 80, "https": 443}
HEADERS = {"User-Agent": "Lendcraft link check", "Accept": "*/*", "Connection": "close"}
# Sites say these to programs and show people the page all the same.
SHY = frozenset({401, 402, 403, 407, 418, 423, 429, 451, 999})
MOVED = frozenset({301, 302, 303, 307, 308})

Resolve = Callable[[str, int], list[str]]
Allow = Callable[[str, int], bool]


@dataclass(frozen=True)
class Answer:
    """``ok``: people most likely get there. ``said`` is ``status-404`` and the like, or one of the reasons below."""

    ok: bool
    said: str


class Refused(Exception):
    """Why an address is not asked, in a word: ``closed``, ``unknown`` or ``odd``."""


def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of ``host``. Raises ``OSError`` for a name that nobody knows, ``UnicodeError`` for one that is none."""
    return list(dict.fromkeys(str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: str, port: int) -> bool:
    """Does ``address`` belong to the open internet, and is ``port`` one of the web's?"""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        # Addresses that carry another one within: what they lead to is not what they look like.
        carries = found.ipv4_mapped or found.sixtofour or found.teredo or found in ipaddress.ip_network("64:ff9b::/96")
        if carries:
            return False
    return found.is_global and not found.is_multicast and port in PORTS.values()


def ask(url: str, *, resolve: Resolve = resolve_host, allow: Allow = is_public, seconds: float = SECONDS) -> Answer:
    """What becomes of opening ``url``: with HEAD first, with GET where that is not taken well. Never raises."""
    try:
        for _hop in range(HOPS_MAX + 1):
            status, to = _hop_to(url, resolve, allow, seconds)
            if status not in MOVED or not to:
                return Answer(status < 400 or status in SHY, f"status-{status}")
            url = urljoin(url, to)
        return Answer(ok=False, said="circles")
    except Refused as problem:
        return Answer(ok=False, said=str(problem))
    except ssl.SSLCertVerificationError:
        return Answer(ok=False, said="certificate")
    except (OSError, http.client.HTTPException):
        return Answer(ok=False, said="silent")
    except ValueError:  # no address at all: a broken port, a host that cannot be a name
        return Answer(ok=False, said="odd")


def _hop_to(url: str, resolve: Resolve, allow: Allow, seconds: float) -> tuple[int, str]:
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise Refused("odd")
    port = parts.port or PORTS[parts.scheme]
    try:
        addresses = resolve(parts.hostname, port)
    except OSError as problem:
        raise Refused("unknown") from problem
    if not addresses or not all(allow(each, port) for each in addresses):
        raise Refused("closed")
    status, to = _request("HEAD", parts, addresses[0], port, seconds)
    if status >= 400:
        status, to = _request("GET", parts, addresses[0], port, seconds)
    return status, to


def _request(method: str, parts: SplitResult, address: str, port: int, seconds: float) -> tuple[int, str]:
    """Status and where it moved to, of one request to ``address`` under the name of ``parts``."""
    host = str(parts.hostname)
    line = socket.create_connection((address, port), timeout=seconds)
    try:
        if parts.scheme == "https":
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
        connection = http.client.HTTPConnection(host, port, timeout=seconds)
        connection.auto_open = 0  # nothing may look the name up again
        connection.sock = line
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
            f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
        )
        name = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
        connection.request(method, path, headers={**HEADERS, "Host": name})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    finally:
        line.close()
