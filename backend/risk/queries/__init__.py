"""What is read of condition and risk."""
