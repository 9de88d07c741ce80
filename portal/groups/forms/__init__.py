"""What people fill in about groups, one module per topic."""
