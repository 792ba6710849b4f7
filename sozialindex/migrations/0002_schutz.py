"""Triggers that keep published runs and used methods unchangeable, whatever program writes.

A run is published from the state "geprueft" only. A published run may only pass on to "ersetzt", and its
successor is named in the same step; its figures and results are never changed, and rows are
added to or removed from a run only while it is no published one. A method that a run used stays as it is.
"""

from django.db import migrations

FEST = "('veroeffentlicht', 'ersetzt')"
LAUF_SPALTEN = (
    "nummer stichtag vergleichsstichtag gebietsstand_id methodik_id methodik_daten statistik diagnostik "
    "hinweise umgebung sha256 erstellt_von_id erstellt_am geprueft_von_id geprueft_am veroeffentlicht_von_id "
    "veroeffentlicht_am"
).split()
TEILE = ["sozialindex_laufwert", "sozialindex_laufergebnis"]
MELDUNG_LAUF = "Ein veröffentlichter Indexlauf ist unveränderlich."
MELDUNG_UNGEPRUEFT = "Nur ein geprüfter Indexlauf wird veröffentlicht."
MELDUNG_TEIL = "Werte und Ergebnisse eines Indexlaufs sind unveränderlich."
MELDUNG_METHODIK = "Eine verwendete Methodik ist unveränderlich."


def _anders(spalten, vergleich):
    return " OR ".join(f"NEW.{spalte} {vergleich} OLD.{spalte}" for spalte in spalten)


def _ist_fest(zeile):
    return f"(SELECT zustand FROM sozialindex_indexlauf WHERE id = {zeile}.lauf_id) IN {FEST}"


def _regeln(vergleich):
    """(name, table, event, condition, message) of every trigger; `vergleich` is the null-safe "differs"."""
    yield (
        "lauf_aendern",
        "sozialindex_indexlauf",
        "UPDATE",
        f"OLD.zustand IN {FEST} AND (NEW.zustand NOT IN {FEST}"
        f" OR (OLD.zustand = 'ersetzt' AND NEW.zustand <> 'ersetzt')"
        f" OR (OLD.zustand = NEW.zustand AND NEW.ersetzt_durch_id {vergleich} OLD.ersetzt_durch_id)"
        f" OR {_anders(LAUF_SPALTEN, vergleich)})",
        MELDUNG_LAUF,
    )
    yield (
        "lauf_veroeffentlichen",
        "sozialindex_indexlauf",
        "UPDATE",
        f"OLD.zustand = 'entwurf' AND NEW.zustand IN {FEST}",
        MELDUNG_UNGEPRUEFT,
    )
    yield "lauf_loeschen", "sozialindex_indexlauf", "DELETE", f"OLD.zustand IN {FEST}", MELDUNG_LAUF
    for teil in TEILE:
        kurz = teil.removeprefix("sozialindex_")
        yield f"{kurz}_aendern", teil, "UPDATE", "1 = 1", MELDUNG_TEIL
        yield f"{kurz}_loeschen", teil, "DELETE", _ist_fest("OLD"), MELDUNG_TEIL
        yield f"{kurz}_anfuegen", teil, "INSERT", _ist_fest("NEW"), MELDUNG_TEIL
    benutzt = "EXISTS (SELECT 1 FROM sozialindex_indexlauf WHERE methodik_id = OLD.id)"
    geaendert = _anders(["schluessel", "version", "titel", "daten"], vergleich)
    yield "methodik_aendern", "sozialindex_methodik", "UPDATE", f"{benutzt} AND ({geaendert})", MELDUNG_METHODIK


def _sqlite(name, tabelle, ereignis, bedingung, meldung):
    return (
        f"CREATE TRIGGER schutz_{name} BEFORE {ereignis} ON {tabelle} WHEN {bedingung}"
        f" BEGIN SELECT RAISE(ABORT, '{meldung}'); END"
    )


def _postgresql(name, tabelle, ereignis, bedingung, meldung):
    zeile = "OLD" if ereignis == "DELETE" else "NEW"
    return (
        f"CREATE FUNCTION schutz_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {bedingung} THEN RAISE EXCEPTION '{meldung}' USING ERRCODE = 'integrity_constraint_violation';"
        f" END IF; RETURN {zeile}; END $$;"
        f" CREATE TRIGGER schutz_{name} BEFORE {ereignis} ON {tabelle}"
        f" FOR EACH ROW EXECUTE FUNCTION schutz_{name}()"
    )


def _saetze(vendor):
    if vendor == "sqlite":
        return [_sqlite(*regel) for regel in _regeln("IS NOT")]
    # json has no equality in PostgreSQL, jsonb (what Django uses) has.
    return [_postgresql(*regel) for regel in _regeln("IS DISTINCT FROM")]


def anlegen(apps, schema_editor):
    for satz in _saetze(schema_editor.connection.vendor):
        schema_editor.execute(satz)


def entfernen(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, tabelle, *_ in _regeln("IS NOT"):
        if postgresql:
            schema_editor.execute(f"DROP FUNCTION schutz_{name}() CASCADE")
        else:
            schema_editor.execute(f"DROP TRIGGER schutz_{name}")


class Migration(migrations.Migration):
    dependencies = [("sozialindex", "0001_initial")]
    operations = [migrations.RunPython(anlegen, entfernen)]
