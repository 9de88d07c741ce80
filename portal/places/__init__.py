"""Districts of the town, the map picture, and organisations."""
