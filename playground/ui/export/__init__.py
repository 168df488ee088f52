"""Pictures, numbers and films of what the window shows, for use elsewhere."""
