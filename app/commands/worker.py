"""`kinmarket worker`: the background jobs in a process of their own."""

from __future__ import annotations

import signal

import click

from app import create_app
from app.platform import schema
from app.platform.job_queue import somebody_works
from app.platform.jobs import Background
from app.platform.logs import log_warnings
from app.platform.settings import load_settings

WORKER_DRAIN = 20.0  # seconds for the jobs that are under way


@click.command()
@click.option("--check", is_flag=True, help="only say whether one was heard of a moment ago; exit code 1 if not")
def worker(check: bool) -> None:
    """Background jobs alone, for when several servers run."""
    settings = load_settings()
    app = create_app(settings)
    if check:
        with app.app_context():
            if not somebody_works():
                raise click.ClickException("no worker was heard of in the last minute")
        return
    log_warnings(settings)
    schema.upgrade(app)
    work = Background(app)
    # Process 1 of a container hears no signal that it has no handler for.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_told: work.ask_to_stop())
    work.start()
    work.wait()
    work.stop(WORKER_DRAIN)
