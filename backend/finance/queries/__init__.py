"""What is read and counted of money."""
