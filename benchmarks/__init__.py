"""Figures side by side with a peer and the physical limit: `make bench`. Commands that print, never timed tests.

What is measured and what the figures mean stands in `README.md`; the bars come from spec `measured.md`.
"""
