"""Groups and other groups: relations, coming together, parting."""
