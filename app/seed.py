"""Demo data."""


def register(app: object) -> None:
    """Stub until the seed lands."""
