"""Notices in the portal and mails through the outbox, each kind switchable."""
