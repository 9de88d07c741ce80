"""Reports, decisions with reasons, objections, and the figures about them.

Words: a *report* is what somebody says about one thing (with or without an account); reports about the same
thing are one *case*; a *decision* names a measure with its ground, the passage, the facts and the way to
object, and is itself the *statement of reasons*; an *objection* is looked at by another person; a *receipt*
is the code with which a reporter finds the answer.

The law behind it: Regulation (EU) 2022/2065 (DSA), Articles 16 (notices), 17 (statement of reasons),
20 (complaints), 23 and 24 (figures). Nothing is restricted without a decision row of the same transaction.

Neighbours: every package that registers a kind with `portal.core.subjects` can be reported; `SubjectHidden`
and `SubjectRestored` tell packages above. Administrators see nothing of this but the public figures.
"""
