"""Whether the time of an answer tells who works here (goal A2), and how long a password takes to check (goal A6).

    python -m benchmarks.sign_in [tries]

Starts servers of its own. Every try is for another name and from another address, or the limits would answer; known and
unknown names alternate on one web server.
"""

import os
import statistics
import sys
import time

from ops.scratch import scratch

LIMIT = 10  # ms between the medians
PROXY = {"I2A_TRUSTED_PROXIES": "127.0.0.1"}  # who may say which address somebody has


def main(tries: int) -> None:
    with scratch() as servers:
        os.environ.update(servers.environment | PROXY)
        import django

        django.setup()
        print(f"{tries} tries each, load {os.getloadavg()[0]:.1f}; milliseconds, p50 (p95)\n", flush=True)
        run(tries)
        hash_passwords()


def run(tries: int) -> None:
    from benchmarks.lookup import Server, figures, timed, web_server

    add_people(tries)
    print("| page | known | unknown | difference | ratio |\n|---|---|---|---|---|")
    with web_server("i2a.wsgi") as port:
        stranger = Server(port, session="")
        for page, form in {"/sign-in/": sign_in_as, "/sign-in/help/": mail_a_link_to}.items():
            seconds: dict[str, list[float]] = {"known": [], "unknown": []}
            for number in range(tries):
                for who, times in sorted(seconds.items(), reverse=number % 2 == 0):
                    address = {"X-Forwarded-For": f"10.{len(times) % 250}.{number // 250}.{1 + (who == 'known')}"}
                    times.append(timed(stranger, "POST", page, form(f"{who}{number}"), 200, **address))
            known, unknown = (statistics.median(times) * 1000 for times in seconds.values())
            print(
                f"| {page} | {figures(seconds['known'])} | {figures(seconds['unknown'])}"
                f" | {known - unknown:+.1f} (at most {LIMIT}) | {known / unknown:.2f} |",
                flush=True,
            )


def add_people(count: int) -> None:
    from django.contrib.auth.hashers import make_password

    from access.models import User

    password = make_password("the right one")
    User.objects.bulk_create(
        User(username=f"known{number}", email=f"known{number}@i2a.example.org", password=password)
        for number in range(count)
    )


def sign_in_as(name: str) -> dict[str, object]:
    return {"username": name, "password": "a wrong one"}


def mail_a_link_to(name: str) -> dict[str, object]:
    return {"email": f"{name}@i2a.example.org"}


def hash_passwords() -> None:
    from django.contrib.auth.hashers import check_password, make_password

    from benchmarks.lookup import figures

    encoded, seconds = make_password("the right one"), []
    for _round in range(30):
        begun = time.perf_counter()
        check_password("a wrong one", encoded)
        seconds.append(time.perf_counter() - begun)
    print(f"\nChecking a password: {figures(seconds)} ms (100 to 500)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
