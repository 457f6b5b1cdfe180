"""auditlog sees no `update()`, no bulk write and no raw SQL (T-03): each such line says why that is right.

Say it behind the call or on the line above: `# no audit: <reason>`.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ["i2a", "audit", "access", "contacts", "outbox", "outreach", "followups", "calls", "surveys"]
UNSEEN = {"bulk_create", "bulk_update", "update", "abulk_create", "abulk_update", "aupdate", "_raw_delete"}
REASON = "# no audit: "
BANNED = {"set_actor", "disable_auditlog", "auditlog_disabled"}


def modules():
    for app in APPS:
        yield from (path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)


def writes_unseen(call):
    """Whether this may write rows. Dicts and digests take positional arguments, `QuerySet.update` takes none."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in UNSEEN:
        return False
    return call.func.attr != "update" or not call.args


def unexplained(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.Call) and writes_unseen(node):
            around = lines[max(0, node.lineno - 2) : node.end_lineno]
            if not any(REASON in line for line in around):
                yield f"{path.relative_to(ROOT)}:{node.lineno}: {lines[node.lineno - 1].strip()}"


def test_writes_that_the_audit_does_not_see_say_why():
    assert [line for path in modules() for line in unexplained(path)] == []


def is_task(function):
    return any("shared_task" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_every_task_says_for_whom_it_works():
    """An unsigned audit row is a bug: the body of a task is one `with acting_as…` block."""
    tasks = [
        node
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and is_task(node)
    ]

    assert len(tasks) >= 3
    for task in tasks:
        last = task.body[-1]
        assert isinstance(last, ast.With), task.name
        assert "acting_as" in ast.unparse(last.items[0]), task.name


def test_nobody_switches_the_audit_off_or_signs_around_it():
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else [])
        if name in BANNED
    ]

    assert found == []
