"""Soon."""


def run(*_args: object) -> None:
    """Nothing yet."""
