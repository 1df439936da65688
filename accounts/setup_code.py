"""The one-time code of ``/setup/``: whoever reads the log may make the first administrator.

The code is derived from the secret key and a nonce in a file of ``VAR_DIR``, so all processes know the same code, and
the file alone does not give it away.
"""

import logging
import secrets
from pathlib import Path

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

log = logging.getLogger("lendcraft.setup")

REFUSAL = _("This is not the code. Look for the newest line with “setup code” in the site's log.")


def _nonce_file() -> Path:
    return Path(settings.VAR_DIR) / "setup_nonce"


def _code() -> str:
    path = _nonce_file()
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(16))
    except FileExistsError:
        pass
    digest = salted_hmac("accounts.setup", path.read_text(encoding="utf-8"), algorithm="sha256").hexdigest()
    return "-".join(digest[start : start + 4] for start in range(0, 16, 4))


def tell() -> None:
    """Write the code to the log."""
    log.warning("The setup code is %s", _code())


def is_right(given: str) -> bool:
    """Whether ``given`` is the code."""
    return constant_time_compare("".join(given.split()).lower(), _code())


def forget() -> None:
    """The code has been used: a new one would hold from now on."""
    _nonce_file().unlink(missing_ok=True)
