"""Lists of withdrawn certificates: read, kept beside the trust store, and looked up at the desk.

Looking up: ``withdrawals`` over ``table`` and ``filters``. Taking in: ``sets`` over ``manifest``,
``batches``, ``slices`` and ``building``. docs/revocation.md describes what is taken and kept.
"""
