"""The demo town: Lindental an der Aue, its people and their proposals. All of it is invented.

`data/` holds the facts: `districts.geojson` (eight districts; the river as an extra member), `people.json`
(residents, staff, organisations, and a crowd that only supports) and `proposals.json`.
"""
