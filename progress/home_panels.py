"""Panels of ``/home/``."""

from core.panels import Panel

PANELS: tuple[Panel, ...] = ()
