"""The pages of votes, one module per topic."""

from portal.rounds.views import drafting, office, options, showing
from portal.rounds.views.section import section

__all__ = ["drafting", "office", "options", "section", "showing"]
