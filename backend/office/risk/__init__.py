"""Risk in people and pounds: the CFO's page, exposures, the year ahead, condition, assumptions, board papers."""
