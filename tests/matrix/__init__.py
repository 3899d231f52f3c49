"""The permission matrix: who may do what at every address, computed from declarations, kept as a table, asked cell by cell."""
