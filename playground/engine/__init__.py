"""Training while somebody watches: sessions, the worker process, and the copy of its network that views read."""
