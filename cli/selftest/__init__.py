"""``pratique privacy selftest``: specimens full of unmistakable values, run and looked for.

``canaries`` makes the values and searches for them, ``issuing`` puts them into certificates of
every format, ``desk`` gives them a trust store and folders of their own, ``subjects`` names the
processes that are tried, ``looks`` looks at those from outside, ``trial`` runs it all and
``report`` says what came of it. Nothing here is loaded by a command that sees travellers.
"""
