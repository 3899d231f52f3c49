"""What people are told: digests, escalation, quiet sites, and each role's home."""
