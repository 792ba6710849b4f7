import pytest
from django.db import connection

RICHTLINIE = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


@pytest.mark.django_db
def test_kopfzeilen(client):
    kopf = client.get("/").headers
    assert set(kopf["Content-Security-Policy"].split("; ")) == RICHTLINIE
    assert kopf["Referrer-Policy"] == "same-origin"
    assert kopf["Cross-Origin-Opener-Policy"] == "same-origin"
    assert kopf["X-Frame-Options"] == "DENY"
    assert kopf["X-Content-Type-Options"] == "nosniff"
    assert "geolocation=()" in kopf["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="nur SQLite")
def test_sqlite_haelt_fremdschluessel_und_wartet():
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (1,)
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)


@pytest.mark.django_db
def test_tls_leitet_um_und_laesst_die_ueberwachung_durch(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/")["Location"] == "https://testserver/"
    assert client.get("/gesund").json() == {"status": "ok"}
