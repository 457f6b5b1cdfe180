"""What managers and privacy officers ask of the audit (R-AUD-02)."""
