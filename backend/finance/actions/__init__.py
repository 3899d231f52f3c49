"""What is done with money. Every write of it goes through here."""
