"""Working with lists: saved views, exports, changing many at once, searching everything."""
