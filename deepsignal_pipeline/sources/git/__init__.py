"""The git source: bare mirrors without file contents, read by one streamed `git log`."""
