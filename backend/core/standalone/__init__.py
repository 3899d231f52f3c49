"""Programs that are handed out with an export and run on any machine with Python alone. Nothing of Siteward imports them."""
