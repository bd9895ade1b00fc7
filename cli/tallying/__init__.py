"""Counts without people: how many documents came out how, in periods that are over.

``cells`` says what is counted, ``noise`` hides the single traveller, ``book`` is the arithmetic of
the periods, ``slots`` the file, and ``tally`` what a desk and a report use. The scheme and its
proof are in ``docs/tally.md``.
"""
