"""Decisions: written, opened, answered, closed, turned into who does what by when."""
