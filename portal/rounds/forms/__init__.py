"""What people type, one module per topic: see the modules."""
