"""Notices inside the portal and mails to people, in the reader's language, each kind switchable.

Words: a *notice* tells one account about one thing; its *kind* is declared by the package it comes from; a
*preference* is a person's switch for a kind; a *mail message* is one mail to one address in the outbox.
Mails leave through jobs after commit, so that no request waits for a mail server. Private words stand
neither in subjects nor in the database once a mail is sent. A digest will be one more way to deliver the
same notices: they keep their count and the time they were last added to.
"""
