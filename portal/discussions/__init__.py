"""Threads of comments, one level deep, below anything that holds a thread.

Words: a *thread* belongs to one subject (a proposal, later a draft budget or a group's page) by soft
reference; a *comment* stands in it, or answers one that does; a *stance* is the mark people may give their
comment; a *version* is what a comment said before it was changed; a *tombstone* is the place of a comment
whose text is gone, so that the answers to it stay readable.

Neighbours: whoever holds a thread opens and closes it (`open_thread`, `close_thread`) and listens to the
events. Moderation hides comments and locks threads; it is above and unknown here.
"""
