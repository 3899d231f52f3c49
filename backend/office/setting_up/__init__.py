"""Setting up a trust from nothing: the first start, imports, places, calendars."""
