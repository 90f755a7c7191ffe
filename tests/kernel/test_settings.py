"""A wrong or missing setting is told at start: by name, with what is expected, all of them at once."""

import pytest

from erp.settings import Settings, WrongSetting

GOOD = {
    "ERP_DATABASE_URL": "mysql+pymysql://u:p@localhost/d", "ERP_REDIS_CACHE_URL": "redis://localhost/0",
    "ERP_REDIS_QUEUE_URL": "redis://localhost/1", "ERP_REDIS_REALTIME_URL": "unix:///run/redis.sock",
    "ERP_SECRET_KEY": "x" * 32,
}  # fmt: skip
CONTRACT = (
    "ERP_DATA", "ERP_DATABASE_URL", "ERP_READ_DATABASE_URLS", "ERP_REDIS_CACHE_URL", "ERP_REDIS_QUEUE_URL",
    "ERP_REDIS_REALTIME_URL", "ERP_SECRET_KEY", "ERP_BASE_URL", "ERP_INTERNAL_URL", "ERP_DATABASE_MIGRATE_URL",
    "ERP_TIMEZONE", "ERP_LANGUAGES", "ERP_TRUSTED_PROXIES", "ERP_METRICS_TOKEN", "ERP_AUDIT_KEY_FILE", "ERP_MAIL_URL",
    "ERP_MAIL_FROM", "ERP_FILES", "ERP_LOG_LEVEL",
)  # fmt: skip


def test_every_setting_of_the_contract_exists() -> None:
    known = {f"ERP_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert set(CONTRACT) <= known


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(WrongSetting, match=f"^{name} is missing: "):
        Settings.from_environment({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ERP_DATABASE_URL", "postgres://x", "a URL that begins with mysql+pymysql://"),
        ("ERP_DATABASE_MIGRATE_URL", "sqlite://", "a URL that begins with mysql+pymysql://"),
        ("ERP_READ_DATABASE_URLS", "mysql+pymysql://a/b,http://x", "a URL that begins with mysql+pymysql://"),
        ("ERP_REDIS_CACHE_URL", "http://x", "redis://"),
        ("ERP_REDIS_QUEUE_URL", "localhost", "redis://"),
        ("ERP_REDIS_REALTIME_URL", "x", "unix://"),
        ("ERP_SECRET_KEY", "short", "at least 32 random characters"),
        ("ERP_BASE_URL", "ftp://x", "http:// or https://"),
        ("ERP_INTERNAL_URL", "x", "http+unix://"),
        ("ERP_TIMEZONE", "Mars/Base", "a time zone such as Europe/Berlin"),
        ("ERP_LANGUAGES", "en,xx", "a list of en, ja"),
        ("ERP_TRUSTED_PROXIES", "many", "a whole number"),
        ("ERP_MAIL_URL", "http://x", "smtp://"),
        ("ERP_LOG_LEVEL", "LOUD", "one of DEBUG, INFO, WARNING, ERROR"),
        ("ERP_API_RATE", "-1", "a whole number"),
        ("ERP_POOL_SIZE", "５x", "a whole number"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_expected(name: str, value: str, expected: str) -> None:
    with pytest.raises(WrongSetting) as wrong:
        Settings.from_environment({**GOOD, name: value})
    assert str(wrong.value).startswith(f"{name}: expected ")
    assert expected in str(wrong.value)


def test_all_mistakes_are_told_at_once_and_no_secret_is_shown() -> None:
    with pytest.raises(WrongSetting) as wrong:
        Settings.from_environment({"ERP_SECRET_KEY": "tooshort", "ERP_MAIL_URL": "http://me:word@x"})
    lines = str(wrong.value).splitlines()
    assert [line.split(":")[0].split(" ")[0] for line in lines] == [
        "ERP_DATABASE_URL", "ERP_REDIS_CACHE_URL", "ERP_REDIS_QUEUE_URL", "ERP_REDIS_REALTIME_URL", "ERP_SECRET_KEY",
        "ERP_MAIL_URL",
    ]  # fmt: skip
    assert "tooshort" not in str(wrong.value)
    assert "word" not in str(wrong.value)
