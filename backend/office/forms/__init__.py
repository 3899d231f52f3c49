"""What people type into the office's pages: filters of lists, and the few forms."""
