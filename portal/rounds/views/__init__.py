"""Pages, one module per topic: see the modules."""
