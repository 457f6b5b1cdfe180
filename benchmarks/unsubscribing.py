"""How long one click on "unsubscribe" takes, answer included, while a mailing waits (M11: at most 300 ms).

    python -m benchmarks.unsubscribing [recipients]

Starts servers of its own that write to disk as in production. Each person has mails of five mailings queued (M12).
"""

import os
import sys

from ops.scratch import scratch

MAILINGS = 5
CLICKS = 200
LIMIT = 0.3


def main(recipients: int) -> None:
    with scratch() as servers:
        os.environ.update(servers.environment)
        import django

        django.setup()
        run(recipients)


def run(recipients: int) -> None:
    from benchmarks.lookup import Server, figures, timed, web_server
    from outbox.models import Message, UnsubscribeToken
    from outbox.unsubscribe import PATH, hash_of, new_token
    from tests.faults.people import invite, make_people

    make_people(recipients)
    for number in range(MAILINGS):
        invite("person", f"event:{number}")
    messages = list(Message.objects.filter(purpose_key="event:0").order_by("pk")[:CLICKS])
    tokens = [new_token() for _message in messages]
    UnsubscribeToken.objects.bulk_create(
        UnsubscribeToken(message=message, sha256=hash_of(token))
        for message, token in zip(messages, tokens, strict=True)
    )
    with web_server("i2a.wsgi") as port:
        reader = Server(port, session="")
        click: dict[str, object] = {"List-Unsubscribe": "One-Click"}
        seconds = [timed(reader, "POST", f"{PATH}?t={token}", click, 200) for token in tokens]
    waiting = Message.objects.filter(contact__in=[message.contact_id for message in messages], state="queued").count()
    late = sum(second > LIMIT for second in seconds)
    load = os.getloadavg()[0]
    print(f"load {load:.1f}, {recipients} recipients, {CLICKS} clicks; p50 (p95) {figures(seconds)} ms,")
    print(f"longest {max(seconds) * 1000:.0f} ms, {late} over 300 ms; mails of theirs still queued: {waiting}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
