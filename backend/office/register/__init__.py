"""The register in depth: makes and models, details by type, moves, labels, events for other systems."""
