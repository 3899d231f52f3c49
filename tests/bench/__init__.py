"""The benchmark: measures in one run, beside the bare SQL for the same answer and the bars of peers, and prints a table."""
