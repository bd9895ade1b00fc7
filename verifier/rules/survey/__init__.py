"""Rule sets as a whole: whom they admit, whom they shut out, what a new edition changes.

``cells`` and ``extras`` say of which certificates of nobody that is asked, ``papers`` writes them,
``bench`` puts them before the rules of an instant. ``auditing`` and ``differences`` read the
answers; ``terms`` finds waiting times, ``remedies`` the smallest change that would admit somebody.
"""
