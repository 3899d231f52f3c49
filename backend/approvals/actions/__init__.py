"""What is done with approvals: schemes are set, things are submitted, decided, and interests declared."""
