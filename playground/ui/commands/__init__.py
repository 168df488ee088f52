"""Everything that can be done by a command, found by a few letters of its name."""
