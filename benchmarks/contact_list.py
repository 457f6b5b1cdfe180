"""What a page of the list of contacts costs against a bare Django page, on the first page and deep down.

Ratios within one run, as in `benchmarks.lookup`. Run it once on a small and once on a large database to see whether the
cost stays flat:

    python3 dev.py manage seed_demo
    python3 dev.py manage seed_volume 10000
    python3 dev.py manage shell -c "import benchmarks.contact_list as b; b.main()"
"""

from collections.abc import Callable, Iterator

from access.models import User
from benchmarks.lookup import Row, Server, session_of, timed, web_server
from contacts.listing import list_contacts, order_of, token_for
from contacts.models import Contact
from i2a import clock

DEEP = 5_000  # rows before the page
HTMX = {"HX-Request": "true"}
# name, target, filters, the condition and order of the bare page
LISTS = [
    ("4 list, page 1", 1.7, "", "true", "last_activity_at"),
    ("4 list, filtered", 1.7, "category=employer", "category = 'employer'", "last_activity_at"),
    ("4 list, two filters", 1.7, "category=employer&country=PH", "category = 'employer' AND origin_country = 'PH'",
     "last_activity_at"),
    ("4 list by name", 1.7, "sort=-name", "true", "sort_name"),
]  # fmt: skip


def rows_for(ours: Server, floor: Server, user: User) -> Iterator[Row]:
    for name, target, query, condition, column in LISTS:
        yield Row(f"{name}, list only", target, asking(ours, query), bare(floor, condition, column))
    yield Row("4 list, page 1, whole page", 1.7, asking(ours, "", headers={}), bare(floor, "true", "last_activity_at"))
    for name, query, column in [
        ("4 list, deep", "", "last_activity_at"),
        ("4 list by name, deep", "sort=-name", "sort_name"),
    ]:
        key = deep_row(user, query)
        place = f"{query or 'view=all'}&after={token_for(order_of(sort_in(query)), key)}"
        yield Row(f"{name}, list only", 1.7, asking(ours, place), bare(floor, "true", column, key))
        yield Row(f"{name} : page 1 (ours : ours)", 1.2, asking(ours, place), asking(ours, query))


def sort_in(query: str) -> dict[str, str]:
    return {"sort": query.removeprefix("sort=")}


def deep_row(user: User, query: str) -> Contact:
    order = order_of(sort_in(query))
    deep: Contact = order.sorted(list_contacts(user, {}, clock.today()))[DEEP]
    return deep


def asking(server: Server, query: str, headers: dict[str, str] = HTMX) -> Callable[[], float]:
    return lambda: timed(server, "GET", f"/contacts/?{query or 'view=all'}", None, 200, **headers)


def bare(server: Server, condition: str, column: str, key: Contact | None = None) -> Callable[[], float]:
    form: dict[str, object] = {"where": condition, "order": column}
    if key is not None:
        form |= {"value": getattr(key, column), "pk": key.pk}
    return lambda: timed(server, "POST", "/list/", form, 200)


def main() -> None:
    user = User.objects.get(username="maya")
    with web_server("i2a.wsgi") as first, web_server("benchmarks.floor.wsgi") as second:
        ours, floor = Server(first, session_of(user)), Server(second, session_of(user))
        print(f"{Contact.objects.count()} contacts; milliseconds, p50 (p95)\n")
        print("| page | ours | bare Django | ratio | target |\n|---|---|---|---|---|")
        for row in rows_for(ours, floor, user):
            row.run()
            print(row.line(), flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    main()
