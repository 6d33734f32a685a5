"""A Celery application with the program's own settings and one slow task, for the test that kills its worker."""

import os
import time
from pathlib import Path

from dealer_crm.celery import app

if "VISIBILITY_TIMEOUT" in os.environ:
    options = dict(app.conf.broker_transport_options)
    app.conf.broker_transport_options = options | {"visibility_timeout": int(os.environ["VISIBILITY_TIMEOUT"])}
if os.environ.get("EARLY_ACKS"):
    app.conf.task_acks_late = False


@app.task(name="tests.operations.sleeper.sleep_once")
def sleep_once(notes: str) -> None:
    """Note the start; sleep for ever the first time, finish at once the second time."""
    file = Path(notes)
    again = file.exists()
    with file.open("a") as open_file:
        open_file.write("started\n")
    if not again:
        time.sleep(600)
    with file.open("a") as open_file:
        open_file.write("finished\n")
