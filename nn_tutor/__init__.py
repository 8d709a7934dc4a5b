"""nn-tutor: step through a neural network in the terminal, one forward and one backward pass at a time."""

__version__ = "0.1.0"
