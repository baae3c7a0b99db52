"""What the site costs: `make bench` is one table of ratios, measured in one run. docs/benchmarks.md says how.

`rows/` has one small module for each measurement; the rest is what they share.
"""
