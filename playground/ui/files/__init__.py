"""Files of the user's: opened, saved, remembered, and recovered after a crash."""
