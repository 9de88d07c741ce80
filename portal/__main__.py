"""`python -m portal` is the command `portal`."""

from portal.cli import run

if __name__ == "__main__":
    run()
