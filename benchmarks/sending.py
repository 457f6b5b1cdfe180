"""How many mails a second leave, beside what smtplib and a task per recipient can do in the same run.

    python -m benchmarks.sending [recipients]

Starts a PostgreSQL, a Valkey and a mail server of its own, everything written to disk as in production, and sends the
same text + HTML invitation to each person. Ours locks the agreement, commits `sending` before each mail and the outcome
after it; the others do neither.
"""

import os
import smtplib  # noqa: TID251 - the floor we compare with
import socket
import subprocess
import sys
import time
from email.message import EmailMessage

from ops import environment
from ops.launch import any_free_port
from ops.places import ROOT
from ops.scratch import Scratch, scratch

NAIVE_PART = 10  # a task per recipient is so slow that a tenth of the recipients will do


def main(recipients: int) -> None:
    with scratch() as servers:
        port = any_free_port()
        sink = subprocess.Popen([sys.executable, "-m", "benchmarks.sink", str(port)], cwd=ROOT)
        try:
            wait_for(port)
            os.environ.update(servers.environment | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"})
            import django

            django.setup()
            run(servers, port, recipients)
        finally:
            sink.kill()


def wait_for(port: int) -> None:
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)


def run(servers: Scratch, port: int, recipients: int) -> None:
    from tests.faults.people import make_people

    make_people(recipients)
    rounds: dict[str, list[float]] = {}
    for number in range(3):
        rounds.setdefault("smtplib, one connection, nothing recorded", []).append(bare(port, recipients))
        for senders in (1, 2):
            name = f"I2A, {senders} sender process{'es' if senders > 1 else ''}"
            rounds.setdefault(name, []).append(ours(servers, f"event:{number}-{senders}", senders))
        name = "a task per recipient: new connection, get, save"
        rounds.setdefault(name, []).append(task_per_recipient(recipients // NAIVE_PART))
    floor = median(rounds["smtplib, one connection, nothing recorded"])
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {recipients} recipients, median of 3 (all)")
    for name, rates in rounds.items():
        every = ", ".join(f"{rate:.0f}" for rate in rates)
        print(f"{name:50} {median(rates):7.0f} mails/s   {median(rates) / floor:5.2f} of smtplib   ({every})")


def median(rates: list[float]) -> float:
    return sorted(rates)[len(rates) // 2]


def bare(port: int, count: int) -> float:
    content = written_by_django_free_code()
    started = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for number in range(count):
            smtp.sendmail("info@i2a.example.org", [f"person-{number}@example.org"], content)
    return count / (time.monotonic() - started)


def written_by_django_free_code() -> bytes:
    from tests.faults.people import TEXT

    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Working in Alberta", "info@i2a.example.org", "person@example.org"
    mail.set_content(TEXT * 2)
    mail.add_alternative(f"<p>{TEXT * 2}</p>", subtype="html")
    return mail.as_bytes()


def ours(servers: Scratch, mailing: str, senders: int) -> float:
    """From the first claim to the last "sent", as the rows tell it; starting Python does not count."""
    from django.db.models import Max, Min, Q

    from outbox.models import Message
    from tests.faults.people import invite

    command = environment.manage("send_loop", "--once")
    asked = invite("person", mailing)
    processes = [subprocess.Popen(command, cwd=ROOT, env=dict(os.environ)) for _ in range(senders)]
    for process in processes:
        process.wait()
    messages = Message.objects.filter(purpose_key=mailing)
    unsent = messages.exclude(state="sent")
    assert not unsent.exists(), f"not all were sent: {list(unsent.values_list('state', 'reason')[:5])}"
    times = messages.aggregate(first=Min("events__at", filter=Q(events__state="claimed")), last=Max("sent_at"))
    return asked / (times["last"] - times["first"]).total_seconds()


def task_per_recipient(count: int) -> float:
    """What many projects do, without the broker's share: look it up, render, connect, send, save."""
    from django.conf import settings
    from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: TID251 - the trap we compare with

    from contacts.models import Contact
    from tests.faults.people import TEXT

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    pks = list(Contact.objects.order_by("pk").values_list("pk", flat=True)[:count])
    started = time.monotonic()
    for pk in pks:
        contact = Contact.objects.get(pk=pk)
        mail = EmailMultiAlternatives("Working in Alberta", TEXT * 2, to=[contact.email], connection=get_connection())
        mail.attach_alternative(f"<p>{TEXT * 2}</p>", "text/html")
        mail.send()
        contact.save()
    return count / (time.monotonic() - started)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
