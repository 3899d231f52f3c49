"""Evidence packs, log books, and the estate as of a past day."""
