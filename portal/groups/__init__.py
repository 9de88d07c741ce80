"""Groups that people found and govern themselves: neighbourhood initiatives, self-help, projects, networks.

A group begins as an idea that several people share, gives itself a charter and becomes active by its own
decision. Its members share the work in roles that end; nobody's leaving stops it. Three privacies: open,
closed, and discreet, where nothing (name, size, member, title, place, time) reaches anyone outside.

Neighbours: `accounts` (people), `places` (districts), `notifications`, `discussions` (threads), `voting` (how
decisions are counted). Proposals stand above and may be written, and taken on, by a group.
"""
