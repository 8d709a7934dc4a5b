"""`serve`: the tutor in a browser, on this machine or for a class."""

from __future__ import annotations

import argparse
import errno

from nn_tutor.commands.common import CRASHED, NO_PROGRESS, USAGE, data_directory, print_lines, say


def serve(options: argparse.Namespace) -> int:
    """Serve the tutor until Ctrl+C or a signal; returns the exit status, 128 + n after signal n."""
    try:
        from nn_tutor.commands.web_server import LOOPBACK, Served, TutorServer
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("textual_serve", "aiohttp"):
            raise
        say("the tutor in a browser needs textual-serve, which is not installed: pip install 'nn-tutor[serve]'")
        return USAGE
    import asyncio

    from nn_tutor.progress.errors import StorageError
    from nn_tutor.progress.place import data_directory as progress_directory

    told = data_directory(options)
    try:
        folder = progress_directory(told)
    except StorageError as error:
        say(f"there is no folder for the progress of visitors: {error.why}")
        return NO_PROGRESS
    handed_on = [
        f"--{name.replace('_', '-')}" for name in ("ascii", "no_color", "no_motion") if vars(options).get(name)
    ]
    served = Served(options.host, options.port, folder, told is not None, tuple(handed_on), options.public_url)
    if options.host not in LOOPBACK:
        say("anybody who can reach this machine can use it: put a proxy with HTTPS in front of it")
    elif not options.public_url:
        say("only this machine can reach it; --host 0.0.0.0 lets others in")
    whose = f"all share {folder}" if served.is_shared else f"each visitor has a folder in {folder / 'visitors'}"
    say(f"progress: {whose}. Ctrl+C ends it")

    async def run() -> int:
        return await TutorServer(served, lambda url: print_lines([f"nn-tutor is at {url}"])).run()

    try:
        return asyncio.run(run())
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            say(f"port {options.port} is in use: choose another one with --port, such as --port {options.port + 1}")
        else:
            say(f"cannot listen on {options.host}, port {options.port}: {error.strerror or error}")
        return CRASHED
    except KeyboardInterrupt:  # before the server listens for signals itself
        return 130
