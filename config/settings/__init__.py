"""Settings, one module per topic. What differs between machines comes from the environment (``env.py``)."""

from config.settings.accounts import *  # noqa: F403  (star imports are how a settings package composes)
from config.settings.api import *  # noqa: F403
from config.settings.apps import *  # noqa: F403
from config.settings.content import *  # noqa: F403
from config.settings.data import *  # noqa: F403
from config.settings.logs import *  # noqa: F403
from config.settings.queue import *  # noqa: F403
from config.settings.security import *  # noqa: F403
from config.settings.web import *  # noqa: F403
