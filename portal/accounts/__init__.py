"""Accounts: who takes part, how they sign in, what they hold about themselves, and the hats of staff.

Words: an **account** is a resident's or a staff member's, never both. A resident has a **display name** (a
pseudonym, also the **code name** for signing in) and, usually, an e-mail address; several accounts may share
one. A **sign-in code** is mailed and typed in the browser that asked for it. A **session** is a row; the
cookie holds only its token. A **staff grant** is a hat with scope, from and until; it counts only after the
**second factor** was shown. Neighbours: everything above asks here for names (`queries.account_names`) and
listens to `events`; accounts know nobody above themselves.
"""
