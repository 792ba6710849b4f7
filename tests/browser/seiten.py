"""Pages that are opened in the browser at both sizes: path and role (None: without an account).

A row needs only what the prepared database holds.
"""

SEITEN = [
    ("/", None),
    ("/", "leitung"),
    ("/konto/anmelden/", None),
    ("/konto/abmelden/", "leitung"),
    ("/konto/passwort/vergessen/", None),
    ("/konto/passwort/aendern/", "leitung"),
    ("/seite/impressum/", None),
    ("/seite/datenschutz/", None),
    ("/seite/barrierefreiheit/", None),
]
