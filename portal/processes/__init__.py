"""Processes: what the town asks its residents, from the first date to the result.

Words: a *process* is one such occasion (a budget, a question, a survey of options); it has *phases* with
dates. A phase is never switched: whoever asks compares its dates with the clock. Neighbours: proposals may
be made for a process, voting rounds belong to one; both stand above and show themselves on its page as parts.
"""
