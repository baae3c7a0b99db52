"""Starting and stopping processes so that none outlives us and no signal tears a step apart.

No other module of the launcher forks, kills or handles a signal.
"""

import ctypes
import fcntl
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO, Any

ROOT = Path(__file__).absolute().parent.parent.parent
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Shorter than the patience of service managers, longer than the web server gives its own workers.
GRACE = 10.0

PR_SET_PDEATHSIG = 1
# Loaded here because a child must not import or allocate much between fork and exec.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None

Process = subprocess.Popen[bytes]
Command = list[str | Path]


class CannotGoOn(Exception):
    """Ends the command with one sentence for the person at the keyboard."""


class Stopped(Exception):
    """Somebody wants an end: Ctrl-C, SIGTERM, or the terminal was closed."""


class Signals:
    """Signals as something to wait for.

    A handler that raises could strike between a fork and the line that remembers the child. Here a signal
    only wakes ``wait``, so every step ends at a place where it can be cleaned up.
    """

    def __init__(self) -> None:
        """Begin to listen; only the main thread may."""
        self.stop_wanted = False
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in (*STOPPING, signal.SIGCHLD):
            # ``nohup make run`` means: stay when the terminal goes.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, _only_wake_up)

    def close(self) -> None:
        """Be deaf from here on: while Python shuts down, a second Ctrl-C would still hit its default."""
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        self._reader.close()
        self._writer.close()

    def wait(self, seconds: float) -> None:
        """Sleep until a signal comes or the time is over; for cleaning up, which nothing may interrupt."""
        if select.select([self._reader], [], [], max(0.0, seconds))[0]:
            self.stop_wanted |= any(number in STOPPING for number in self._reader.recv(4096))

    def pause(self, seconds: float) -> None:
        """Sleep likewise; raises Stopped as soon as somebody wants an end."""
        if not self.stop_wanted:
            self.wait(seconds)
        if self.stop_wanted:
            raise Stopped


def _only_wake_up(number: int, frame: FrameType | None) -> None:
    """Let the wake-up socket do the work."""


def start(
    command: Command,
    *,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    errors: IO[bytes] | None = None,
    user: str | None = None,
) -> Process:
    """Start a child in a session of its own: the terminal's Ctrl-C reaches us alone, who end it in order."""
    options: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors or (subprocess.STDOUT if output else None),
        start_new_session=True,
        preexec_fn=_end_with(os.getpid()),
        **options,
    )


def _end_with(parent: int) -> Callable[[], None] | None:
    """Have the kernel send SIGTERM to the child when we die, even by SIGKILL. Linux only."""
    if _libc is None:
        return None
    prctl = _libc.prctl

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        # The parent may have died before the line above.
        if os.getppid() != parent:
            os._exit(1)

    return tie


def stop(
    processes: Iterable[Process],
    signals: Signals,
    *,
    ask_with: signal.Signals = signal.SIGTERM,
    grace: float = GRACE,
) -> None:
    """Ask each to end, wait, then kill what is left of their groups.

    Only the leader is asked: a server whose workers were told as well takes their end for a crash.
    """
    processes = list(processes)
    for process in processes:
        process.send_signal(ask_with)
    deadline = time.monotonic() + grace
    while any(process.poll() is None for process in processes) and time.monotonic() < deadline:
        signals.wait(min(0.5, deadline - time.monotonic()))
    for process in processes:
        kill_group(process)


def kill_group(process: Process) -> None:
    """Kill the child and whatever it left behind in its session."""
    # Mostly nobody is left; macOS says "not permitted" of a group of zombies.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(
    command: Command,
    signals: Signals,
    *,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    errors: IO[bytes] | None = None,
    user: str | None = None,
    ask_with: signal.Signals = signal.SIGTERM,
    seconds: float | None = None,
) -> int:
    """Run a step to its end and return its exit code; 124 when it took longer than ``seconds``."""
    deadline = time.monotonic() + seconds if seconds else None
    process = start(command, env=env, output=output, errors=errors, user=user)
    try:
        while process.poll() is None:
            if deadline and time.monotonic() > deadline:
                return 124
            signals.pause(0.5)
        return process.returncode
    finally:
        if process.poll() is None:
            stop([process], signals, ask_with=ask_with)


@contextmanager
def alone(folder: Path, signals: Signals, *, waiting: str) -> Iterator[None]:
    """Hold the folder's lock; whoever comes second waits and says so.

    The lock is on the folder itself: no lock file to leave behind, and the kernel frees it when we die.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        if not try_lock(handle):
            print(waiting, flush=True)
            while not try_lock(handle):
                signals.pause(0.2)
        yield
    finally:
        os.close(handle)


def try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
