"""The tab of runs: a list of those that are kept, their curves, and what their settings differ in."""
