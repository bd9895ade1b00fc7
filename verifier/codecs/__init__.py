"""Bytes in, values out, bounded. No trust, no time, no people; a fault is a ``DocumentError``."""
