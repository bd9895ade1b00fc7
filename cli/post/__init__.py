"""The border post: one traveller after another, each served by a worker of their own.

``loop`` forks a worker before the traveller comes and learns nothing but how it ended; ``worker``
reads, judges, shows and clears; ``listening`` turns bytes into scans and keys; ``screens`` lays out
what is shown; ``layouts`` undoes a wrong keyboard; ``startup`` looks the desk over when a shift
begins. The long-lived process never reads a scan (decision 0040).
"""
