"""Who has to say yes: the scheme of delegation, chains frozen at submission, decisions, stand-ins, declared interests."""
