"""What happens when something happens to a proposal: what residents do, and what the office does."""

from portal.proposals.subscribers import office, residents

__all__ = ["office", "residents"]
