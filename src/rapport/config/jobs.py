"""Background jobs on Procrastinate: the worker, alone or inside the first web process.

Tasks live in each package's ``jobs.py`` on ``procrastinate.contrib.django.app``; enqueueing happens on
Django's own connection, inside the caller's transaction. A worker has connections of its own and must not
replace those of the web threads beside it, hence ``_worker_app``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from typing import Any

from procrastinate import App, JobContext
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from rapport.config.locks import close_lock, lock_alone, open_lock
from rapport.config.options import options

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 10
STALLED_SECONDS = 30
# A nightly task is made up for when the machine was off at night.
LATEST_PERIODIC_SECONDS = 26 * 3600
FINISH_SECONDS = 10.0
RESTART_SECONDS = 5.0


def on_app_ready(app: App) -> None:
    """Procrastinate's hook: what every worker of this project has in common."""
    app.worker_defaults = {
        **app.worker_defaults,
        "delete_jobs": "successful",
        "update_heartbeat_interval": HEARTBEAT_SECONDS,
        "stalled_worker_timeout": STALLED_SECONDS,
        "shutdown_graceful_timeout": FINISH_SECONDS,
    }
    app.periodic_defaults = {"max_delay": LATEST_PERIODIC_SECONDS}


@django_app.periodic(cron="* * * * *")
@django_app.task(queueing_lock="rapport.rescue_jobs", pass_context=True)
async def rescue_jobs(context: JobContext, timestamp: int) -> None:
    """Start again what a killed worker left unfinished. Actions called by jobs are written to bear it."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        logger.warning("job %s of a lost worker starts again (%s)", job.id, job.task_name)
        await manager.retry_job(job)


@django_app.periodic(cron="17 * * * *")
@django_app.task(queueing_lock="rapport.forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Failed jobs stay visible for thirty days; successful ones are deleted as they end."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=30 * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )


def run_worker(*, concurrency: int, wait: bool = True) -> None:
    """Work until SIGTERM or SIGINT, or with ``wait=False`` until no job is left."""
    asyncio.run(_work(concurrency=concurrency, wait=wait, install_signal_handlers=True))


async def _work(*, stop: asyncio.Event | None = None, **options_: Any) -> None:
    """Work until the worker ends by itself or ``stop`` is set. The pool of connections is opened and closed
    whole: psycopg's would never end if its opening were cancelled."""
    app = _worker_app()
    async with app.open_async():
        working = asyncio.create_task(app.run_worker_async(**options_))
        if stop is not None:
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working


def _worker_app() -> App:
    """A second app with the same tasks. Replacing the connector of the shared one instead would take the
    enqueueing of web threads in this process out of their transactions."""
    connector = PsycopgConnector(
        kwargs=connector_params(), min_size=1, max_size=4, name="rapport-worker", timeout=10.0
    )
    app = App(
        connector=connector,
        import_paths=django_app.import_paths,
        worker_defaults=django_app.worker_defaults,
        periodic_defaults=django_app.periodic_defaults,
    )
    app.tasks = django_app.tasks
    app.periodic_registry = django_app.periodic_registry
    return app


class InlineWorker:
    """A worker in a thread of a web process. It is started anew when the database was away."""

    def __init__(self, *, concurrency: int) -> None:
        self._concurrency = concurrency
        self._told_to_stop = threading.Event()
        self._lock = threading.Lock()
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._thread = threading.Thread(target=self._run, name="rapport-worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, timeout: float = 1.5) -> bool:
        """Ask the worker to finish; whether it did within ``timeout`` seconds. The rest is rescued later."""
        with self._lock:
            self._told_to_stop.set()
            if self._running is not None:
                loop, stop = self._running
                loop.call_soon_threadsafe(stop.set)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._told_to_stop.is_set():
            try:
                asyncio.run(self._work_until_stopped())
            except Exception:
                logger.exception("the background worker stopped; it starts again in %s s", RESTART_SECONDS)
                self._told_to_stop.wait(RESTART_SECONDS)

    async def _work_until_stopped(self) -> None:
        stop = asyncio.Event()
        with self._lock:
            if self._told_to_stop.is_set():
                return
            self._running = asyncio.get_running_loop(), stop
        try:
            await _work(stop=stop, concurrency=self._concurrency, install_signal_handlers=False)
        finally:
            with self._lock:  # nobody may call a loop that is closed
                self._running = None


_inline: InlineWorker | None = None
_inline_lock = threading.Lock()
_first_web_process: int | None = None


def start_inline_worker() -> InlineWorker | None:
    """Start the worker thread of this process, once. Called by the lifespan of the ASGI application.

    None when the setting `inline_worker` is off or another web process of this data folder has it.
    """
    global _inline
    with _inline_lock:
        if _inline is None and options().inline_worker and _is_first_web_process():
            _inline = InlineWorker(concurrency=options().worker_concurrency)
            _inline.start()
        return _inline


def _is_first_web_process() -> bool:
    """Whoever holds this lock is the first; it dies with its process, and the next one started gets it."""
    global _first_web_process
    if _first_web_process is None:
        handle = open_lock(options().data_dir / "inline-worker.lock")
        if not lock_alone(handle):
            close_lock(handle)
            return False
        _first_web_process = handle
    return True


def stop_inline_worker(*, timeout: float = 1.5) -> bool:
    """Stop the worker thread of this process, if any; whether it ended within ``timeout`` seconds."""
    global _inline
    with _inline_lock:
        worker, _inline = _inline, None
    return worker.stop(timeout=timeout) if worker else True
