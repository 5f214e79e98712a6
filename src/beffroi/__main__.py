"""`python -m beffroi`: what `./beffroi` runs once the folder is set up."""

from beffroi.cli.main import run

if __name__ == "__main__":
    run()
