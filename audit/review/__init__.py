"""The queue of reading that somebody looks into: rules and a random sample (N40, R-AUD-03)."""
