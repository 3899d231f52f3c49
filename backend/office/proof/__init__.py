"""Proof: evidence packs, log books, the estate as of a past day."""
