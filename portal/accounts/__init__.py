"""People: residents and staff, how they sign in, their sessions, hats, and their own data."""
