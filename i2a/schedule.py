"""What Celery beat starts, and when: seconds between two starts, or an hour of the day in UTC.

A start that waits for a worker longer than `expires` is dropped: the next one is due by then.
"""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "audit-seal": {"task": "audit.tasks.seal", "schedule": 60.0, "options": {"expires": 55.0}},
    "audit-check": {"task": "audit.tasks.check_audit", "schedule": crontab(hour=8, minute=30)},
    "outbox-tick": {"task": "outbox.tasks.tick", "schedule": 5.0, "options": {"expires": 4.0}},
    "outbox-read-mailbox": {"task": "outbox.tasks.read_mailbox", "schedule": 60.0, "options": {"expires": 55.0}},
    "followups-open-verifications": {
        "task": "followups.tasks.open_verifications",
        "schedule": 30.0,
        "options": {"expires": 25.0},
    },
    "followups-tick": {"task": "followups.tasks.tick", "schedule": 60.0, "options": {"expires": 55.0}},
    "outreach-campaigns": {
        "task": "outreach.tasks.look_after_campaigns",
        "schedule": 15.0,
        "options": {"expires": 14.0},
    },
    "surveys-look-after": {"task": "surveys.tasks.look_after_surveys", "schedule": 15.0, "options": {"expires": 14.0}},
    "outbox-watch-reading": {"task": "outbox.tasks.watch_reading", "schedule": 120.0, "options": {"expires": 110.0}},
    "outbox-pick-reading": {"task": "outbox.tasks.pick_reading", "schedule": crontab(hour=8, minute=30)},  # 2:30 here
    "outbox-send-alerts": {"task": "outbox.tasks.send_alerts", "schedule": 30.0, "options": {"expires": 25.0}},
    "contacts-expire-grants": {
        "task": "contacts.tasks.expire_grants",
        "schedule": 60.0,
        "options": {"expires": 55.0},
    },
    "access-lapse-grants": {"task": "access.tasks.lapse_grants", "schedule": 60.0, "options": {"expires": 55.0}},
    "access-reconcile": {"task": "access.tasks.reconcile_access", "schedule": crontab(hour=9, minute=20)},
    "access-remind": {"task": "access.tasks.remind_of_training", "schedule": crontab(hour=14, minute=0)},  # 8:00 here
    "access-forget-sessions": {
        "task": "access.tasks.forget_sessions",
        "schedule": 3600.0,
        "options": {"expires": 3500.0},
    },
    "contacts-forget-words": {"task": "contacts.tasks.forget_unused_words", "schedule": crontab(hour=9, minute=40)},
    "contacts-erase-merge-snapshots": {
        "task": "contacts.tasks.erase_merge_snapshots",
        "schedule": 3600.0,
        "options": {"expires": 3500.0},
    },
    "contacts-lapse-consents": {"task": "contacts.tasks.lapse_consents", "schedule": crontab(hour=10, minute=10)},
    "contacts-journal": {
        "task": "contacts.tasks.catch_up_journal",
        "schedule": 600.0,
        "options": {"expires": 590.0},
    },
    "outreach-forget-form-entries": {
        "task": "outreach.tasks.forget_form_entries",
        "schedule": crontab(hour=9, minute=50),
    },
    "calls-forget-ringing": {"task": "calls.tasks.forget_ringing", "schedule": 60.0, "options": {"expires": 55.0}},
    "calls-expire-drafts": {"task": "calls.tasks.expire_drafts", "schedule": 600.0, "options": {"expires": 590.0}},
}
