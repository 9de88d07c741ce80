"""The demo town: Lindental an der Aue, its people and their proposals. All of it is invented.

`data/` holds the facts: `districts.geojson` (eight districts; the river as an extra member), `people.json`
(residents, staff, organisations, and a crowd that only supports) and `proposals.json`. `town` builds it
through the ordinary operations: every step is written into a `diary` with its day and lived through in order,
so that limits, deadlines and notices are those of a real town. Never in production.
"""
