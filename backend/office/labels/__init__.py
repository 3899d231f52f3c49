"""Labels: choosing and printing them, rolls to be put up later, what was printed, lost ones, own paper, rooms."""
