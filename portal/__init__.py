"""Nachbarnetz: a participation portal for towns and neighbourhoods."""

__version__ = "0.1.0"
