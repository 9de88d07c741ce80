"""Content that belongs to other things: pictures, texts in several languages, and the site's own pages.

Words: a *picture* belongs to an owner (any subject) and carries a text for people who do not see it; a *text
version* is an object's text in another language or in plain language, with a state: missing (somebody asked
for it), outdated (the original changed since) or current; a *site page* is imprint, privacy, accessibility,
conduct or help in one language, append-only; a *barrier report* says what somebody could not use.
"""
