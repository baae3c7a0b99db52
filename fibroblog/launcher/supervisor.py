"""Keeps the web server and the background worker alive together, and ends both together.

Knows nothing of Django or granian: the commands are given. What they are is decided in ``serving`` only.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fibroblog.launcher import processes
from fibroblog.launcher.processes import CannotGoOn, Command, Process, Signals


@dataclass(frozen=True)
class Patience:
    """How long we wait and how often we try again; seconds."""

    first_answer: float = 60.0
    first_restart: float = 0.5
    deaths: int = 5
    window: float = 60.0
    grace: float = processes.GRACE


@dataclass
class Supervisor:
    web: Command
    worker: Command
    signals: Signals
    env: Mapping[str, str] | None = None
    patience: Patience = field(default_factory=Patience)

    def run(self, answers: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Run both until Stopped or CannotGoOn is raised; when it is, neither is left.

        ``answers`` asks the web server whether it is up, ``announce`` is called once when it is.
        """
        self._server = processes.start(self.web, env=self.env)
        self._worker: Process | None = None
        try:
            self._await_answer(answers)
            # Not earlier: on a small machine the worker's start would delay the first page.
            self._worker = processes.start(self.worker, env=self.env)
            announce()
            self._keep_alive()
        finally:
            running = [process for process in (self._server, self._worker) if process]
            processes.stop(running, self.signals, grace=self.patience.grace)

    def _await_answer(self, answers: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self.patience.first_answer
        while not answers():
            self._require_server()
            if time.monotonic() > deadline:
                raise CannotGoOn(f"The site gave no answer within {self.patience.first_answer:.0f} seconds.")
            self.signals.pause(0.03)

    def _keep_alive(self) -> None:
        deaths: deque[float] = deque(maxlen=self.patience.deaths)
        restart_at: float | None = None
        while True:
            self.signals.pause(1.0 if restart_at is None else restart_at - time.monotonic())
            self._require_server()
            if restart_at is None and self._worker and self._worker.poll() is not None:
                restart_at = time.monotonic() + self._mourn(self._worker, deaths)
            elif restart_at is not None and time.monotonic() >= restart_at:
                self._worker, restart_at = processes.start(self.worker, env=self.env), None

    def _mourn(self, worker: Process, deaths: deque[float]) -> float:
        """Note a worker's death and return the pause before the next; raises when there were too many."""
        processes.kill_group(worker)
        now = time.monotonic()
        deaths.append(now)
        recent = sum(now - death < self.patience.window for death in deaths)
        if recent >= self.patience.deaths:
            raise CannotGoOn(
                f"The background worker ended {recent} times within {self.patience.window:.0f} seconds; "
                "Fibroblog stops. Its last lines are above."
            )
        pause = self.patience.first_restart * 2.0 ** (recent - 1)
        print(
            f"The background worker ended ({_ending(worker)}); starting it again in {pause:g} s.",
            flush=True,
        )
        return pause

    def _require_server(self) -> None:
        if self._server.poll() is not None:
            raise CannotGoOn(f"The web server ended ({_ending(self._server)}); Fibroblog stops.")


def _ending(process: Process) -> str:
    code = process.returncode
    return f"signal {-code}" if code < 0 else f"exit code {code}"
