"""Settings as a process meets them: safe by default, and no start where it would not be safe."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fibroblog.settings import secret_key_of

pytestmark = pytest.mark.real_time
ROOT = Path(__file__).resolve().parent.parent
KEY = "a key that is long enough for anybody who asks"
TELL = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def start(folder: Path, *names: str, code: str = TELL, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: os.environ[name]
        for name in os.environ
        if name in {"PATH", "HOME", "LANG"} or name.startswith("COVERAGE")
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *names],
        cwd=ROOT,
        env={**kept, "DJANGO_SETTINGS_MODULE": "fibroblog.settings", "DATA_DIR": str(folder), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def told(folder: Path, *names: str, **env: str) -> dict[str, Any]:
    process = start(folder, *names, **env)
    assert process.returncode == 0, process.stderr
    answer: dict[str, Any] = json.loads(process.stdout)
    return answer


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 32 characters"),
        ({"SITE_URL": "http://blog.example.org"}, "SITE_URL is a public address without https"),
        ({"SITE_URL": "blog.example.org"}, "SITE_URL must look like https://example.org"),
        ({"SITE_URL": "ftp://blog.example.org"}, "SITE_URL must look like"),
        ({"SITE_URL": "https://"}, "SITE_URL must look like"),
        ({"SITE_URL": "https://blog.example.org", "DEBUG": "1"}, "DEBUG shows secrets to every visitor"),
        ({"SITE_URL": "http://blog.example.org", "ALLOW_HTTP": "1", "DEBUG": "1"}, "DEBUG shows secrets"),
        ({"CROSSREF_URL": "http://api.crossref.org"}, "CROSSREF_URL must be https"),
        ({"CROSSREF_MAILTO": "a@b\r\nX: y"}, "CROSSREF_MAILTO must be one plain mail address"),
    ],
)
def test_the_site_refuses_to_start_when_that_would_be_unsafe(
    tmp_path: Path, env: dict[str, str], sentence: str
) -> None:
    process = start(tmp_path, "DEBUG", **env)
    assert process.returncode != 0
    assert sentence in process.stderr
    assert "ImproperlyConfigured" in process.stderr


def test_with_nothing_set_it_is_a_safe_local_site(tmp_path: Path) -> None:
    answer = told(
        tmp_path,
        "DEBUG",
        "SITE_URL",
        "ALLOWED_HOSTS",
        "SESSION_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "EMAIL_BACKEND",
        "EMAIL_FILE_PATH",
    )
    assert answer == {
        "DEBUG": False,
        "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": ["127.0.0.1", "[::1]", "localhost"],
        "SESSION_COOKIE_SECURE": False,
        "SECURE_SSL_REDIRECT": False,
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(tmp_path / "mail"),
    }


def test_a_public_site_keeps_everything_on_https(tmp_path: Path) -> None:
    answer = told(
        tmp_path,
        *(
            "SECURE_SSL_REDIRECT",
            "SECURE_HSTS_SECONDS",
            "SECURE_HSTS_PRELOAD",
            "SESSION_COOKIE_SECURE",
            "CSRF_COOKIE_SECURE",
        ),
        *("SITE_URL", "ALLOWED_HOSTS", "DEFAULT_FROM_EMAIL"),
        SITE_URL="https://blog.example.org/",
        SITE_NAME="Moth",
    )
    assert answer == {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_PRELOAD": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SITE_URL": "https://blog.example.org",
        "ALLOWED_HOSTS": ["127.0.0.1", "[::1]", "blog.example.org", "localhost"],
        "DEFAULT_FROM_EMAIL": "Moth <noreply@blog.example.org>",
    }


def test_every_interface_is_no_name_that_a_visitor_may_use(tmp_path: Path) -> None:
    answer = told(tmp_path, "ALLOWED_HOSTS", HOST="0.0.0.0", EXTRA_HOSTS="blog.lan,10.0.0.5")
    assert answer["ALLOWED_HOSTS"] == ["127.0.0.1", "[::1]", "localhost", "blog.lan", "10.0.0.5"]


def test_a_closed_network_may_go_without_https(tmp_path: Path) -> None:
    answer = told(tmp_path, "HTTPS", SITE_URL="http://blog.lan", ALLOW_HTTP="1")
    assert answer["HTTPS"] is False


def test_debug_is_for_a_local_address(tmp_path: Path) -> None:
    assert told(tmp_path, "DEBUG", DEBUG="1")["DEBUG"] is True


def test_a_key_is_made_once_kept_to_oneself_and_used_again(tmp_path: Path) -> None:
    first = told(tmp_path, "SECRET_KEY")["SECRET_KEY"]
    assert len(first) > 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert told(tmp_path, "SECRET_KEY")["SECRET_KEY"] == first
    assert [file.name for file in tmp_path.glob("secret_key*")] == ["secret_key"]
    assert told(tmp_path, "SECRET_KEY", SECRET_KEY=KEY)["SECRET_KEY"] == KEY


def test_processes_that_start_together_use_one_key(tmp_path: Path) -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "fibroblog.settings", "DATA_DIR": str(tmp_path)}
    env.pop("SECRET_KEY", None)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TELL, "SECRET_KEY"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    answers = {process.communicate()[0] for process in processes}
    assert len(answers) == 1
    assert json.loads(answers.pop())["SECRET_KEY"]


def test_whoever_comes_second_reads_the_key_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret_key").write_text(KEY)
    # The other process wrote its key between our look and our own writing.
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert secret_key_of(tmp_path) == KEY
    monkeypatch.undo()
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_a_broken_key_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")
    process = start(tmp_path, "SECRET_KEY")
    assert process.returncode != 0
    assert "SECRET_KEY" in process.stderr


def test_a_database_file_is_used_safely_by_several_processes(tmp_path: Path) -> None:
    database = told(tmp_path, "DATABASES")["DATABASES"]["default"]
    assert database["NAME"] == str(tmp_path / "fibroblog.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert pragma in database["OPTIONS"]["init_command"]


def test_the_database_file_itself_says_that_no_commit_is_lost_with_the_power(tmp_path: Path) -> None:
    ask = """
import django, json
django.setup()
from django.db import connection
cursor = connection.cursor()
names = ("journal_mode", "synchronous", "foreign_keys")
print(json.dumps({name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}))
"""
    process = start(tmp_path, code=ask)
    full = 2
    assert json.loads(process.stdout) == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1}


def test_a_real_database_cache_and_mail_server_are_taken_from_the_environment(tmp_path: Path) -> None:
    answer = told(
        tmp_path,
        *(
            "DATABASES",
            "CACHES",
            "EMAIL_BACKEND",
            "EMAIL_HOST",
            "EMAIL_PORT",
            "EMAIL_USE_TLS",
            "EMAIL_TIMEOUT",
        ),
        DATABASE_URL="postgres://blog:secret@db.example.org:5433/blog",
        CACHE_URL="rediscache://cache.example.org:6379/1",
        EMAIL_URL="smtp+tls://user:secret@mail.example.org:587",
    )
    database = answer["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["CONN_HEALTH_CHECKS"]) == (
        "db.example.org",
        5433,
        True,
    )
    assert "OPTIONS" not in database or "init_command" not in database["OPTIONS"]
    assert "redis" in answer["CACHES"]["default"]["BACKEND"].lower()
    assert answer["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (answer["EMAIL_HOST"], answer["EMAIL_PORT"], answer["EMAIL_USE_TLS"]) == (
        "mail.example.org",
        587,
        True,
    )
    assert answer["EMAIL_TIMEOUT"]


def test_a_proxys_word_about_https_is_believed_only_when_there_is_a_proxy_of_ours(tmp_path: Path) -> None:
    believed = told(tmp_path, "SECURE_PROXY_SSL_HEADER", TRUSTED_PROXIES="1")
    assert believed["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert told(tmp_path, "SECURE_PROXY_SSL_HEADER")["SECURE_PROXY_SSL_HEADER"] is None


def test_a_limit_that_is_no_number_stops_the_start(tmp_path: Path) -> None:
    process = start(tmp_path, "DEBUG", COMMENT_MAX_LENGTH="many")
    assert process.returncode != 0


def test_limits_come_from_the_environment(tmp_path: Path) -> None:
    answer = told(
        tmp_path,
        "AXES_FAILURE_LIMIT",
        "DATA_UPLOAD_MAX_MEMORY_SIZE",
        "PASSWORD_RESET_TIMEOUT",
        LOGIN_ATTEMPTS="3",
        REQUEST_MAX_KILOBYTES="64",
        INVITATION_DAYS="1",
    )
    assert answer == {
        "AXES_FAILURE_LIMIT": 3,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 65_536,
        "PASSWORD_RESET_TIMEOUT": 86_400,
    }
