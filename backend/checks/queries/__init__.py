"""What is read of checks: compliance counts, explanations, what was done lately."""
