"""Settings: everything has a default, nonsense is named, and production refuses what is unsafe."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from portal.core.settings import UnsafeSettings, _on_network_disk, load_settings

GOOD = {
    "PORTAL_PRODUCTION": "1",
    "PORTAL_SECRET_KEY": "k3J9xQ2mZ7vB5nR8tY1wP4sD6fG0hLqE",
    "PORTAL_BASE_URL": "https://portal.example",
    "PORTAL_TRUSTED_HOSTS": "portal.example, www.portal.example",
    "PORTAL_MAIL_URL": "smtp://mail.example",
}


def load(tmp_path: Path, **changes: str):
    environ = GOOD | {"PORTAL_INSTANCE": str(tmp_path)} | changes
    return load_settings({name: value for name, value in environ.items() if value})


def test_it_works_with_nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings({})
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path / 'instance' / 'portal.db'}"
    assert len(settings.secret_key) >= 32
    assert load_settings({}).secret_key == settings.secret_key


def test_two_copies_have_their_own_everything(tmp_path: Path) -> None:
    one = load_settings({"PORTAL_INSTANCE": str(tmp_path / "a"), "PORTAL_PORT": "8001"})
    two = load_settings({"PORTAL_INSTANCE": str(tmp_path / "b"), "PORTAL_PORT": "8002"})
    assert one.secret_key != two.secret_key
    assert {one.base_url, two.base_url} == {"http://127.0.0.1:8001", "http://127.0.0.1:8002"}


def test_key_files_are_readable_by_the_owner_only(tmp_path: Path) -> None:
    load_settings({"PORTAL_INSTANCE": str(tmp_path)})
    assert stat.S_IMODE((tmp_path / "keys" / "session.key").stat().st_mode) == 0o600


def test_good_production_settings_are_accepted(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.production
    assert settings.is_https
    assert settings.trusted_hosts == ("portal.example", "www.portal.example")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"PORTAL_SECRET_KEY": ""}, "SECRET_KEY"),
        ({"PORTAL_SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"PORTAL_SECRET_KEY": "a" * 40}, "too simple"),
        ({"PORTAL_BASE_URL": "http://portal.example"}, "BASE_URL"),
        ({"PORTAL_DEBUG": "1"}, "DEBUG"),
        ({"PORTAL_TRUSTED_HOSTS": ""}, "TRUSTED_HOSTS"),
        ({"PORTAL_TRUSTED_HOSTS": "other.example"}, "TRUSTED_HOSTS"),
        ({"PORTAL_MAIL_URL": ""}, "MAIL_URL"),
        ({"PORTAL_MAIL_URL": "mail.example:587"}, "MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://"}, "MAIL_URL"),
        ({"PORTAL_MAIL_URL": "http://mail.example"}, "MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://mail.example:port"}, "MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://[mail.example"}, "MAIL_URL"),
        ({"PORTAL_MAIL_URL": "smtp://mail.example?tls=maybe"}, "MAIL_URL"),
        ({"PORTAL_SQLITE_SYNCHRONOUS": "OFF"}, "SYNCHRONOUS"),
        ({"PORTAL_PORT": "eighty"}, "PORT"),
    ],
)
def test_unsafe_production_is_refused_with_one_sentence(tmp_path: Path, changes: dict, word: str) -> None:
    with pytest.raises(UnsafeSettings, match=word) as refused:
        load(tmp_path, **changes)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_an_open_key_file_is_refused(tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / "keys").mkdir(exist_ok=True)
    key = tmp_path / "keys" / "hash.key"
    key.write_text("x")
    key.chmod(0o644)
    with pytest.raises(UnsafeSettings, match=r"hash\.key"):
        load(tmp_path)


def test_a_network_disk_is_recognised(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("dev / ext4 rw 0 0\nserver:/x /srv/data nfs4 rw 0 0\n")
    assert _on_network_disk(Path("/srv/data/portal"), mounts)
    assert not _on_network_disk(Path("/srv/database"), mounts)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example",
        "smtps://name:pass%20word@mail.example:465/",
        "smtp://127.0.0.1:25?tls=none",
        "smtp://[::1]:25?tls=starttls",
    ],
)
def test_addresses_of_mail_servers(tmp_path: Path, url: str) -> None:
    assert load(tmp_path, PORTAL_MAIL_URL=url).mail_url == url


def test_a_broken_mail_address_is_refused_outside_production_too(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match=r"^PORTAL_MAIL_URL must look like smtp://.*\.$"):
        load_settings({"PORTAL_INSTANCE": str(tmp_path), "PORTAL_MAIL_URL": "mail.example"})
