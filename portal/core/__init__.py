"""Ground floor: database, clock, events, permissions, jobs, search, text. Knows no web framework."""
