"""Which checks apply: facts, the proposed plans, what does not apply, new editions of the library."""
