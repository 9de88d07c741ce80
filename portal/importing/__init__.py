"""Bringing real lists of projects in: the columns of the files and the glue of `portal import`."""
