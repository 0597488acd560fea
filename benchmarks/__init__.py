"""Benchmarks: ratios within one run on the same work, since machines differ and are shared. Never part of the tests."""
