"""What the worker does, it does for nobody: no right can go away between asking and doing (reliability goal P9)."""

import inspect

from i2a.celery import app

OURS = {"access", "contacts", "outbox", "outreach", "followups", "calls", "surveys"}


def test_no_task_works_for_a_person():
    """A task that takes somebody's key must ask for their right again, and have a test that it refuses."""
    app.loader.import_default_modules()
    tasks = {name: task for name, task in app.tasks.items() if name.partition(".")[0] in OURS}

    assert len(tasks) > 10
    assert {name for name, task in tasks.items() if inspect.signature(task.run).parameters} == set()
