"""`show`: a lesson as Markdown, to be read, worked on paper, or held against its answers."""

from __future__ import annotations

import argparse

from nn_tutor.commands.common import DONE, data_directory, load_named, print_lines


def show(options: argparse.Namespace) -> int:
    """Print a lesson with its numbers filled in, with its questions, or its answers alone; returns the exit status."""
    from nn_tutor.calculus.derivation import SymPyDeriver
    from nn_tutor.export.document import document_of
    from nn_tutor.export.markdown import as_handout, as_key, as_text

    document = document_of(
        load_named(options.lesson, data_directory(options)), SymPyDeriver(), is_covered=options.questions
    )
    written = as_handout if options.questions else as_key if options.answers else as_text
    print_lines([written(document).rstrip("\n")])
    return DONE
