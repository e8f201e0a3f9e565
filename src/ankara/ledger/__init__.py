"""The ledger of claims as it is read: verdicts and texts, without what recomputes it."""
