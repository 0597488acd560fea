"""Dagster: assets, checks, jobs, schedules, sensors, resources. The only package that imports it.

One file a theme of the flow. A body takes its quarters, calls `pipeline.make` and reports; rules, SQL text, files and
settings belong elsewhere.
"""
