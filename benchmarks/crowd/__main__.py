"""`make crowd N=100000`: fills a site for trying out with so many comments, or with so many more; `--clear` removes them."""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence

BYTES = 4_000  # of the database for one comment, with all that belongs to it and what is not written back yet


def main(arguments: Sequence[str]) -> int:
    options = _read(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fibroblog.settings")
    import django

    django.setup()
    from benchmarks.crowd import guard

    reason = guard.why_not()
    if reason and not options.yes:
        print(f"This may be somebody's own site: {reason} Nothing was changed. If it is", file=sys.stderr)
        print("for trying out all the same: make crowd N=… ARGS=--yes", file=sys.stderr)
        return 1
    try:
        return _clear() if options.clear else _fill(options.count, options.seed)
    except KeyboardInterrupt:
        print("\nBroken off. The same command goes on from here.", file=sys.stderr)
        return 130


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make crowd", description=__doc__)
    parser.add_argument("count", nargs="?", type=_number, help="how many comments the crowd shall have (N=…)")
    parser.add_argument("--seed", type=int, default=1, help="another number makes another crowd")
    parser.add_argument("--clear", action="store_true", help="remove the crowd")
    parser.add_argument("--yes", action="store_true", help="also on a site that may be somebody's own")
    options = parser.parse_args(arguments)
    if options.clear == (options.count is not None):
        parser.error("say how many comments: make crowd N=100000, or remove them: make crowd ARGS=--clear")
    return options


def _number(text: str) -> int:
    from benchmarks.crowd.plan import MOST

    count = int(text.replace("_", "").replace(",", ""))
    if not 1 <= count <= MOST:
        raise argparse.ArgumentTypeError(f"from 1 to {MOST:,}")
    return count


def _fill(count: int, seed: int) -> int:
    from benchmarks.crowd import filling
    from benchmarks.crowd.plan import Plan
    from benchmarks.crowd.progress import Progress

    if lack := lacks_room(count - filling.stored()):
        print(lack, file=sys.stderr)
        return 1
    try:
        filling.fill(count, Plan(seed=seed), tell=Progress(count).tell)
    except filling.OtherCrowd as reason:
        print(reason, file=sys.stderr)
        return 1
    print(f"{filling.posts().count():,} posts and {filling.people().count():,} people talk in it.")
    return 0


def lacks_room(more: int) -> str:
    from django.conf import settings
    from django.db import connection

    free = shutil.disk_usage(settings.DATA_DIR).free
    if connection.vendor != "sqlite" or more * BYTES < free:
        return ""
    return f"That needs about {more * BYTES // 10**6:,} MB, and {settings.DATA_DIR} has {free // 10**6:,} MB left."


def _clear() -> int:
    from benchmarks.crowd import clearing, filling
    from benchmarks.crowd.progress import Progress

    gone = clearing.clear(tell=Progress(filling.stored()).tell)
    print(f"Removed {gone:,} comments with their posts and people. The moderation log keeps its entries.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
