"""Settings of the town, staff and their hats, and the audit log, in the browser."""
