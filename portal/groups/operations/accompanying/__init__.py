"""Accompaniment: agreeing on it, what happens during it, and its end."""
