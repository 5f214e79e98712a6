"""`python -m beffroi`: what `./beffroi` runs once the folder is set up."""

import sys

from beffroi.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
