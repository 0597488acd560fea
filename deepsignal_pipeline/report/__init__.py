"""The edition of a quarter: facts, words, charts, pages."""
