"""Other systems follow what happens: the feed of events, and webhooks that send it to an address."""
