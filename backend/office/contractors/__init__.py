"""Contractors, certificates and the document register."""
