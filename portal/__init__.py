"""Nachbarnetz: a participation portal for towns and neighbourhoods."""
