"""The entry of ``make run`` and its sisters: ``python -m fibroblog.run [command]``.

Only the standard library may be imported before the virtual environment exists, and nothing in this file may
need a newer Python than the one it warns about.
"""

import io
import signal
import sys

# Until the launcher listens, Ctrl-C ends us without a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

if sys.hexversion < 0x030B0000:
    sys.exit(
        f"Fibroblog needs Python 3.11 or newer; {sys.executable} is Python {sys.version.split()[0]}. "
        "Choose another: PYTHON=python3.12 make run"
    )

from fibroblog.launcher import checks, serving  # noqa: E402
from fibroblog.launcher.processes import CannotGoOn, Signals, Stopped  # noqa: E402

COMMANDS = {
    "run": serving.run,
    "test": checks.test,
    "check": checks.check,
    "test-postgres": checks.test_postgres,
    "bench": checks.bench,
    "screenshots": checks.screenshots,
    "crowd": checks.crowd,
}


def main(arguments: list[str]) -> int:
    name = arguments[0] if arguments else "run"
    if name not in COMMANDS or len(arguments) > 1:
        print(f"Usage: python -m fibroblog.run [{'|'.join(COMMANDS)}]", file=sys.stderr)
        return 2
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no "…" gets a question mark, not an error.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    signals = Signals()
    try:
        return COMMANDS[name](signals)
    except Stopped:
        # Ctrl-C is how one ends the site, but tests that were broken off have not passed.
        return 0 if name == "run" else 130
    except CannotGoOn as reason:
        print(reason, file=sys.stderr, flush=True)
        return 1
    finally:
        signals.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
