from django.db import migrations

from oberhausen_sozialplanung.konten.gruppenrechte import erteile_rechte

HINWEIS = "Dieser Text ist ein Platzhalter. Die Stadt ersetzt ihn vor der Veröffentlichung im Bereich „Verwaltung“."

SEITEN = {
    "impressum": (
        "Impressum",
        [
            ("", HINWEIS),
            ("Herausgeberin", "Hier stehen Name und Anschrift der Stadt, vertreten durch …"),
            ("Kontakt", "Hier stehen Telefonnummer und E-Mail-Adresse der Sozialplanung."),
            ("Verantwortlich für den Inhalt", "Hier stehen Name und Anschrift der verantwortlichen Person."),
            (
                "Lizenz der Software",
                "Diese Anwendung ist freie Software unter der European Union Public Licence, Version 1.2 (EUPL-1.2).",
            ),
        ],
    ),
    "datenschutz": (
        "Datenschutz",
        [
            ("", HINWEIS),
            (
                "Verantwortliche Stelle",
                "Hier stehen Name und Anschrift der verantwortlichen Stelle und der behördlichen "
                "Datenschutzbeauftragten.",
            ),
            (
                "Welche Daten verarbeitet werden",
                "Die Seiten zeigen ausschließlich zusammengefasste Zahlen, keine Angaben zu einzelnen Personen.\n\n"
                "Wer ein Konto hat, ist mit E-Mail-Adresse, Namen, Rollen und dem Zeitpunkt der letzten Anmeldung "
                "gespeichert. Seitenaufrufe werden nicht aufgezeichnet.",
            ),
            (
                "Cookies",
                "Ein Cookie hält die Anmeldung aufrecht, ein zweites schützt Formulare vor Missbrauch. Beide sind "
                "technisch notwendig. Es gibt keine Auswertung des Nutzungsverhaltens und keine Verbindung zu anderen "
                "Anbietern.",
            ),
            (
                "Ihre Rechte",
                "Hier stehen die Rechte auf Auskunft, Berichtigung, Löschung, Einschränkung der Verarbeitung und "
                "Widerspruch sowie die zuständige Aufsichtsbehörde.",
            ),
        ],
    ),
    "barrierefreiheit": (
        "Erklärung zur Barrierefreiheit",
        [
            ("", HINWEIS),
            (
                "Stand der Barrierefreiheit",
                "Die Anwendung soll BITV 2.0 und EN 301 549 erfüllen und strebt die Stufe AA der WCAG 2.2 an. Hier "
                "trägt die Stadt das Ergebnis ihrer Prüfung, das Datum und bekannte Lücken ein.",
            ),
            (
                "Barrieren melden",
                "Hier stehen E-Mail-Adresse und Telefonnummer, unter denen Barrieren gemeldet werden können.",
            ),
            (
                "Durchsetzungsverfahren",
                "Hier steht, an welche Stelle man sich wenden kann, wenn auf eine Meldung keine befriedigende Antwort "
                "kommt.",
            ),
        ],
    ),
}


def lege_texte_an(apps, schema_editor):
    textseite = apps.get_model("seiten", "Textseite")
    textabschnitt = apps.get_model("seiten", "Textabschnitt")
    for slug, (titel, abschnitte) in SEITEN.items():
        seite = textseite.objects.create(slug=slug, titel=titel)
        for nummer, (ueberschrift, text) in enumerate(abschnitte, start=1):
            textabschnitt.objects.create(seite=seite, nummer=nummer, ueberschrift=ueberschrift, text=text)
    apps.get_model("seiten", "Systemzustand").objects.create(pk=1)
    erteile_rechte(apps, rolle="Administration", app_label="seiten", modelle=["textseite", "textabschnitt"])


class Migration(migrations.Migration):
    dependencies = [("seiten", "0001_initial"), ("konten", "0003_rollen")]

    operations = [migrations.RunPython(lege_texte_an, migrations.RunPython.noop)]
