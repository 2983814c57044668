"""Benchmarks: ratios against named alternatives in one run. ``make bench`` runs them all."""
