"""Pure rules: no I/O, no clock, no environment. What they are applied to is passed in."""
