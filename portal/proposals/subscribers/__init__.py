"""What happens when something happens to a proposal: what residents do, and what the office does."""

from portal.proposals.subscribers import groups, office, outcomes, residents

__all__ = ["groups", "office", "outcomes", "residents"]
