"""The pages of the capital plan: projects, scenarios under a budget, and the evidence for a bid."""
