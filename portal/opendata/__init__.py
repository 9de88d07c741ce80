"""Open data: what is public about proposals, for machines: feeds, CSV and JSON, and a page about them.

Only what stands in public lists, and nothing about persons: no names of authors, no comments, no supporters.
Neighbours: proposals (the list's own filters count for feeds, too) and places.
"""
