"""Benchmarks of the finder: ``make bench`` and ``make bench-large``; docs/performance.md tells what came out."""
