"""Meetings: planning them, changing one date or the rest, who comes, that it took place, calendars."""
