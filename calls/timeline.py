"""What a contact's timeline shows of calls."""


def register_sources() -> None:
    """Called once, when the apps are ready."""
