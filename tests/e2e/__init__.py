"""A real Chromium against real processes: the caretaker's day, kills and cuts, screens."""
