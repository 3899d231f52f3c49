"""The invented trust: read from fixtures/demo/, made through the actions, at any size; the same for a seed and a day."""
