"""When things go wrong: mediation between people, and the review of a membership as the last resort."""
