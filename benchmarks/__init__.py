"""Ratios against stated baselines, measured in one run. ``make bench`` runs them all."""
