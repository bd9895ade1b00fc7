"""The command line: read, call the verifier, render, exit. Private; only ``verifier`` is an API."""
