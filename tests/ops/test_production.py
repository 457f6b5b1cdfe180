"""What cannot be run here (no container engine) is at least checked for shape and for agreement with the settings."""

import re
import stat
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from ops import postgres
from ops.embedded import servers
from ops.healthcheck import is_healthy
from ops.places import ROOT

SECOND_PART = "# ---- The launcher"
NAMED = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=", re.M)
READ_BY_SETTINGS = re.compile(r"""(?:env\.\w+|environ\.setdefault)\(\s*"([A-Z][A-Z0-9_]+)\"""")
READ_BY_PYTHON = {"PYTHONTZPATH"}
READ_BY_LAUNCHER = re.compile(r"""environ(?:\.get\(|\[)\s*"([A-Z][A-Z0-9_]+)\"""")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_compose_file_is_valid():
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        "docker-compose.yml",
    ]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_every_service_is_confined(compose):
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["user"] not in {"root", "0"}, name


def test_every_lasting_service_tells_its_health(compose):
    without = {name for name, service in compose["services"].items() if "healthcheck" not in service}

    assert without == {"migrate"}


def test_the_worker_may_end_its_longest_task(compose):
    minutes = int(compose["services"]["worker"]["stop_grace_period"].removesuffix("m"))

    assert minutes * 60 > settings.CELERY_TASK_TIME_LIMIT


def test_only_migrate_comes_in_as_owner(compose):
    with_owner = {name for name, service in compose["services"].items() if "database_owner_url" in service["secrets"]}

    assert with_owner == {"migrate"}


def test_every_secret_a_service_reads_is_given_to_it_and_made(compose, tmp_path):
    make_secrets(tmp_path)
    made = {path.name for path in tmp_path.iterdir()}

    for name, service in compose["services"].items():
        environment = service.get("environment", {})
        read = {value.removeprefix("/run/secrets/") for key, value in environment.items() if key.endswith("_FILE")}
        assert read <= set(service["secrets"]), name
    assert {Path(secret["file"]).name for secret in compose["secrets"].values()} == made


def test_the_database_volume_lies_where_version_18_wants_it(compose):
    assert compose["services"]["db"]["image"].startswith("postgres:18")
    assert "database:/var/lib/postgresql" in compose["services"]["db"]["volumes"]


def test_only_the_web_port_is_open_and_only_on_this_machine(compose):
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}

    assert ports == {"web": ["127.0.0.1:8000:8000"]}


def test_the_image_runs_as_an_ordinary_user_with_fresh_zone_data():
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert re.search(r"^USER 10001:10001$", dockerfile, re.M)
    assert 'PYTHONTZPATH=""' in dockerfile
    assert {".env", "secrets", ".git", ".local"} <= set((ROOT / ".dockerignore").read_text().split())


def test_env_example_describes_exactly_what_is_read():
    product, launcher = (ROOT / ".env.example").read_text().split(SECOND_PART)
    by_settings = set(READ_BY_SETTINGS.findall((ROOT / "i2a/settings.py").read_text()))
    sources = [path.read_text() for path in (ROOT / "ops").glob("*.py")]
    by_launcher = {name for source in sources for name in READ_BY_LAUNCHER.findall(source)}

    assert set(NAMED.findall(product)) == by_settings | READ_BY_PYTHON
    assert by_launcher - by_settings - {"PATH"} <= set(NAMED.findall(launcher))


def make_secrets(directory):
    command = ["sh", ROOT / "ops/make_secrets.sh", "smtp+tls://i2a:pw@mail.example.org:587", directory]
    subprocess.run(command, check=True)
    return {path.name: path.read_text() for path in directory.iterdir()}


def test_secrets_are_random_fit_together_and_are_kept(tmp_path):
    made = make_secrets(tmp_path)

    passwords = [text for name, text in made.items() if "url" not in name]
    assert len(set(passwords)) == len(passwords)
    assert all(re.fullmatch(r"[\w-]{64}", text) for text in passwords)
    assert made["database_url"] == f"postgres://i2a_app:{made['database_app_password']}@db:5432/i2a"
    assert make_secrets(tmp_path) == made
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_secrets_become_variables(tmp_path):
    secret = tmp_path / "secret_key"
    secret.write_text('it\'s $HOME "quoted"\n')
    command = ["sh", ROOT / "ops/with_secrets.sh", "sh", "-c", 'printf "%s|%s" "$SECRET_KEY" "${SECRET_KEY_FILE-gone}"']

    done = subprocess.run(command, env={"PATH": "/usr/bin:/bin", "SECRET_KEY_FILE": str(secret)}, capture_output=True)

    assert done.stdout.decode() == 'it\'s $HOME "quoted"|gone'


def test_a_missing_secret_stops_the_start():
    command = ["sh", ROOT / "ops/with_secrets.sh", "true"]

    done = subprocess.run(
        command, env={"PATH": "/usr/bin:/bin", "SECRET_KEY_FILE": "/nonexistent"}, capture_output=True
    )

    assert done.returncode != 0
    assert b"/nonexistent" in done.stderr


def test_the_init_script_makes_roles_with_passwords_and_the_database(room, tmp_path, monkeypatch):
    made = make_secrets(tmp_path)
    monkeypatch.setattr(postgres, "ROLES_AND_DATABASE", "")
    with servers(room, durable=False) as running:
        programs = postgres.find_programs(running.places)

        def ask(sql, database="postgres"):
            return postgres.ask(running.places, programs, sql, database=database)

        for statement in ("drop database i2a", "drop role i2a_app", "drop role i2a_auditor", "drop role i2a_owner"):
            ask(statement)
        environment = {
            "PATH": f"{programs}:/usr/bin:/bin",
            "PGHOST": str(running.places.sockets),
            "POSTGRES_USER": postgres.SUPERUSER,
            "SECRETS_DIRECTORY": str(tmp_path),
        }
        subprocess.run(["sh", ROOT / "ops/postgres_init/10-roles.sh"], env=environment, check=True)

        passwords = ask("select count(*) from pg_authid where rolname ~ '^i2a_' and rolpassword ~ '^SCRAM-SHA-256'")
        owner = ask("select pg_get_userbyid(datdba) from pg_database where datname = 'i2a'")
        app = ask("set role i2a_app; select has_schema_privilege('public', 'create')", database="i2a")
        connects = ask("select has_database_privilege('i2a_app', 'i2a', 'connect')")

    assert (passwords, owner, app, connects) == ("3", "i2a_owner", "f", "t")
    assert made["database_app_password"] not in (running.places.logs / "postgres.log").read_text()


class Web(BaseHTTPRequestHandler):
    """Answers like the product: only to its own name, and without https it would redirect."""

    def do_GET(self):
        asked = (self.path, self.headers["Host"], self.headers["X-Forwarded-Proto"])
        self.send_response(200 if asked == ("/healthz", "desk.example.org", "https") else 400)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.mark.parametrize(
    ("allowed_hosts", "healthy"), [("desk.example.org,www.example.org", True), ("www.example.org", False)]
)
def test_the_health_check_asks_under_an_accepted_name(monkeypatch, allowed_hosts, healthy):
    monkeypatch.setenv("ALLOWED_HOSTS", allowed_hosts)
    with HTTPServer(("127.0.0.1", 0), Web) as web:
        threading.Thread(target=web.handle_request).start()

        assert is_healthy(web.server_port) is healthy


def test_a_silent_server_is_not_healthy():
    assert not is_healthy(9)
