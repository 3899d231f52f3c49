"""What is read of firms, problems and work."""
