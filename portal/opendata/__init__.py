"""Feeds and open data: what is public, for machines."""
