"""What is kept: runs, projects, exports, and what is saved in case of a crash. Knows no Qt."""
