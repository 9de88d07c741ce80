"""Pabulib `.pb` files, strictly: read to be counted, written so that pabulib-checker finds no error.

Source: Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023;
pabulib.org/format; pabulib-checker 1.0.8. Three sections META, PROJECTS, VOTES, each with a header row;
cells are separated by semicolons, lists by commas.
"""

from portal.voting.pabulib.lines import BadFile
from portal.voting.pabulib.reading import Note, PbFile, read
from portal.voting.pabulib.writing import Head, write

__all__ = ["BadFile", "Head", "Note", "PbFile", "read", "write"]
