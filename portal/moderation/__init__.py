"""Reports, decisions with reasons, objections, and the figures about them."""
