"""What the user edits: an immutable spec, the edits on it, and its history. Knows no Qt."""
