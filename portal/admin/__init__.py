"""What administrators do in the browser, and nothing more: no drafts, no hidden text, no reports, no mails.

Words: a *setting* is what a town decides; a *site page* is imprint, privacy and the like; the *staff log* is
the audit of what staff and the system did; *dead letters* are jobs that gave up; *data kept* is the table of
every column with its purpose and its end. Top floor: it looks after what all packages below declared.
"""
