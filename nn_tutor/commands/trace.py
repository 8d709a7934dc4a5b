"""`trace`: every step of a run, without a screen."""

from __future__ import annotations

import argparse
from dataclasses import replace

from nn_tutor.commands.common import DONE, USAGE, data_directory, load_named, print_json_stream, print_lines, say


def trace(options: argparse.Namespace) -> int:
    """Print the passes of a network, as a table, Markdown or JSON; returns the exit status."""
    lesson = load_named(options.lesson, data_directory(options))
    entry = lesson.networks.get(options.network)
    if entry is None:
        known = ", ".join(name for name in lesson.networks if name)
        what = f"no network called {options.network!r}" if options.network else "no [network]"
        say(f"{lesson.id} has {what}" + (f"; it has {known}: choose one with --network" if known else ""))
        return USAGE
    from nn_tutor.calculus.derivation import SymPyDeriver
    from nn_tutor.network.conventions import Conventions
    from nn_tutor.walkthrough.trace import as_markdown, as_table, trace_document

    passes = options.passes or lesson.passes_walked(options.network)
    # The document has one convention, whatever the sheet of a lesson has; people read it as on their sheet.
    network = replace(entry.network, conventions=Conventions()) if options.json else entry.network
    document = trace_document(
        lesson.id, options.network, network, entry.data, passes, options.only_last, SymPyDeriver()
    )
    if options.json:
        print_json_stream(document, "passes")
    else:
        print_lines(as_markdown(document) if options.markdown else as_table(document))
    return DONE
