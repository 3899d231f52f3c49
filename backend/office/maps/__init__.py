"""The estate on maps and plans, and trends."""
