"""Lessons: parts of the window that a teacher hides, and what he says about the rest."""
