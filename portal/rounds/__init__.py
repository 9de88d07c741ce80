"""Rounds: a town puts options to its residents, who vote in secret, and anybody can recount.

Words: a *round* begins as a *draft* of the town's moderators; opening it *freezes* its rules and *options*,
and their hash is public. The *roll* says who may take part, the *box* holds *ballots* without a name and
without a time, the *log* is a chain of hashes that only grows. A *paper sheet* is a ballot from the urn.
After closing come the *file* anybody can recount, the *result*, its *explanation*, and *objections*. "Vote"
is a verb here; support of a proposal is not a vote. Its neighbours: proposals become options, processes tell
the time around a round; the engine that counts is `portal.voting` and knows none of this.
"""
