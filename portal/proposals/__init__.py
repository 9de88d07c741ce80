"""Proposals: what residents want for their neighbourhood, from a draft to the town's answer.

Words: a *proposal* begins as a *draft* only its *authors* see; published it goes through *stages*; neighbours
*support* it (public number, one per person, revocable; not a vote) or *follow* it; enough support starts the
*answer clock*. *Needs* say what is missing, *pledges* what neighbours give. Its own neighbours: threads
(discussions) hang on `thread_id`, pictures and language versions come from content, places give district and
map, moderation hides and restores through the registered subject kind "proposal".
"""
