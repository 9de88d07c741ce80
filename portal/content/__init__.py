"""Pictures, versions of texts in several languages, and the town's own pages."""
