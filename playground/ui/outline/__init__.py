"""The network as a tree of sentences: to be read and edited without seeing it."""
