"""Places: the districts of the town, the map picture made of them, and the organisations at work there.

Words: a *district* is a part of the town with an outline; an *organisation* (Open Referral: Organization) is
a body that professionals belong to. Neighbours: proposals and groups point at districts; the directory will
grow from the organisations. A district is as precise as a place gets for persons: never a street.
"""
