"""``python -m cli`` is the console script where none is installed."""

from cli.app import main

main()
