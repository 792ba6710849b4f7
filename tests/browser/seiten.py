"""Pages that are opened in the browser at both sizes: path and role (None: without an account).

A row needs only what the demonstration data hold.
"""

SEITEN = [
    ("/", None),
    ("/", "leitung"),
    ("/", "sozialplanung"),
    ("/konto/anmelden/", None),
    ("/konto/abmelden/", "leitung"),
    ("/konto/passwort/vergessen/", None),
    ("/konto/passwort/aendern/", "leitung"),
    ("/seite/impressum/", None),
    ("/seite/datenschutz/", None),
    ("/seite/barrierefreiheit/", None),
    ("/quartiere/", None),
    ("/quartiere/innenstadt/", None),
    ("/quartiere/koenigshardt/", "sozialplanung"),
    ("/quartiere/sozialraum/osterfeld/", None),
    ("/sozialindex/", None),
    ("/sozialindex/", "sozialplanung"),
    ("/sozialindex/laeufe/3/", None),
    ("/sozialindex/laeufe/4/", "sozialplanung"),
    ("/sozialindex/laeufe/4/", "leitung"),
    ("/sozialindex/laeufe/berechnen/", "sozialplanung"),
    ("/sozialindex/lieferungen/", "sozialplanung"),
    ("/sozialindex/lieferungen/neu/", "sozialplanung"),
    ("/sozialindex/lieferungen/1/", "sozialplanung"),
    ("/sozialindex/lieferungen/profile/", "sozialplanung"),
    ("/sozialindex/indikatoren/", None),
    ("/sozialindex/indikatoren/sgb2/", "sozialplanung"),
    ("/sozialindex/indikatoren/neu/", "sozialplanung"),
    ("/sozialindex/methodiken/", None),
    ("/sozialindex/methodiken/neu/", "sozialplanung"),
]
