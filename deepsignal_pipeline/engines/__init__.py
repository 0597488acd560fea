"""Who runs a SELECT over the lake. DuckDB is the one engine today; another implements the same session."""
