"""Risk in people and pounds: condition, exposures, what they cost, and papers for the board."""
