def mask(value: object) -> str:
    """Nothing of a personal value may reach the audit: auditlog's own mask shows its second half (T-04)."""
    return "***" if value not in (None, "", "None") else ""
