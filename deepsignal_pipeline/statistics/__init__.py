"""Statistics over arrays: intervals, null models, tests. Pure: no files, no SQL, no clock; what is counting stays SQL."""
