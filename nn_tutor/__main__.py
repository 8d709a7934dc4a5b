"""Run the program with ``python -m nn_tutor``."""

from nn_tutor.cli import run

if __name__ == "__main__":
    run()
