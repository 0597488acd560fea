"""From a table's contract to Great Expectations, and from its verdict back to named checks. No orchestration here.

Great Expectations costs seconds to import, so it is imported inside the functions that use it.
"""
