"""Who may open which address: ONE table for the whole site.

A new URL gets a row here, or tests/seiten/test_zugriff.py fails. The same rows drive the tests of headings,
inline code, foreign hosts and tables beside charts, so a row should lead to a page with something on it:
``daten`` creates the objects the page shows and returns the URL's arguments.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from oberhausen_sozialplanung.konten.rollen import Rolle
from sozialindex.dienste.laeufe import berechne_lauf, pruefe_lauf, veroeffentliche_lauf
from sozialindex.models import Indexlauf, Lieferung

from ..conftest import OEFFENTLICH
from ..fabriken import BenutzerFabrik
from ..quartiere.fabriken import QuartierFabrik
from ..sozialindex.fabriken import STICHTAG, Kleinstadt, MethodikFabrik
from ..sozialindex.musterstadt import (
    ein_importprofil,
    eine_gepruefte_lieferung,
    eine_uebernommene_lieferung,
)

ROLLEN = tuple(rolle.schluessel for rolle in Rolle)
ANGEMELDET = frozenset(ROLLEN)
ALLE = ANGEMELDET | {OEFFENTLICH}


@dataclass(frozen=True)
class Zugriff:
    """One address.

    ``erlaubt``: roles that get in. Everybody else is sent to the login page (without an account) or gets
    ``verboten`` (403, or 404 where the object is invisible to them).
    ``methode``: "get", or "post" for an action; an allowed action redirects without a complaint.
    ``formular``: what an action is sent, or what makes it once the objects exist.
    ``gelingt_mit``: creates the objects for people who get in, if an action succeeds in another state than
    the one that everybody sees.
    ``ist_seite``: an HTML page of this site, checked for headings and inline code.
    ``gezeigt_als``: the role that sees most on the page; by default no account, if that is allowed.
    """

    name: str
    erlaubt: frozenset[str]
    daten: Callable[[], dict] = field(default=dict)
    methode: str = "get"
    formular: dict | Callable[[], dict] = field(default_factory=dict)
    gelingt_mit: Callable[[], dict] | None = None
    verboten: int = 403
    ist_seite: bool = True
    gezeigt_als: str = ""

    @property
    def betrachter(self) -> str:
        return self.gezeigt_als or (OEFFENTLICH if OEFFENTLICH in self.erlaubt else min(self.erlaubt))

    def __str__(self):
        return f"{self.methode} {self.name}"


def oeffentlich(name, **weiteres):
    return Zugriff(name, ALLE, **weiteres)


def angemeldet(name, **weiteres):
    return Zugriff(name, ANGEMELDET, **weiteres)


def nur(name, *rollen, **weiteres):
    return Zugriff(name, frozenset(rollen), **weiteres)


def ein_quartier():
    QuartierFabrik()
    return {}


def ein_quartier_mit_adresse():
    return {"slug": QuartierFabrik(staerken="Kanal", besonderheiten="Am Fluss").slug}


def ein_sozialraum():
    return {"slug": QuartierFabrik().uebergeordnet.slug}


def eine_methodik():
    """No run uses it, so only people who read drafts see it."""
    Kleinstadt()
    methodik = MethodikFabrik()
    return {"schluessel": methodik.schluessel, "version": methodik.version}


def ein_indikator():
    return {"schluessel": Kleinstadt().armut.indikator.schluessel}


def ein_entwurf():
    Kleinstadt()
    lauf = berechne_lauf(stichtag=STICHTAG, methodik=MethodikFabrik(), erstellt_von=BenutzerFabrik())
    return {"nummer": lauf.nummer}


def ein_gepruefter_lauf():
    nummer = ein_entwurf()["nummer"]
    lauf = Indexlauf.objects.get(nummer=nummer)
    pruefe_lauf(lauf=lauf, geprueft_von=lauf.erstellt_von)
    return {"nummer": nummer}


def ein_veroeffentlichter_lauf():
    nummer = ein_gepruefter_lauf()["nummer"]
    lauf = Indexlauf.objects.get(nummer=nummer)
    veroeffentliche_lauf(lauf=lauf, veroeffentlicht_von=BenutzerFabrik())
    return {"nummer": nummer}


def laeufe_in_der_liste():
    ein_veroeffentlichter_lauf()
    return {}


def eine_kleinstadt():
    Kleinstadt()
    MethodikFabrik()
    return {}


def aktion(name, *rollen, **weiteres):
    """An action on a run that everybody sees, so that a missing right is a 403."""
    return nur(name, *rollen, daten=ein_veroeffentlichter_lauf, methode="post", ist_seite=False, **weiteres)


LIEST_ENTWUERFE = ("sozialplanung", "leitung", "fachbereich")


def intern_sonst_404(name, **weiteres):
    """For people who read drafts; nobody else learns that it exists."""
    return nur(name, *LIEST_ENTWUERFE, verboten=404, gezeigt_als="sozialplanung", **weiteres)


def geprueft():
    return {"pk": eine_gepruefte_lieferung().pk}


def gesehene_pruefung():
    return {"umfang": "nur_gute", "gesehen": Lieferung.objects.latest("pk").pruefsumme}


def uebernommen():
    return {"pk": eine_uebernommene_lieferung().pk}


def profil():
    return {"pk": ein_importprofil().pk}


def ohne_argumente(anlegen):
    """Only make the objects a list shows."""

    def daten():
        anlegen()
        return {}

    return daten


ZUGRIFFE = [
    oeffentlich("seiten:start"),
    oeffentlich("seiten:gesund", ist_seite=False),
    oeffentlich("seiten:textseite", daten=lambda: {"slug": "impressum"}),
    oeffentlich("account_login"),
    oeffentlich("account_logout", gezeigt_als="leitung"),
    oeffentlich("account_inactive"),
    oeffentlich("account_reset_password"),
    oeffentlich("account_reset_password_done"),
    oeffentlich("account_reset_password_from_key", daten=lambda: {"uidb36": "1", "key": "ungueltig"}),
    oeffentlich("account_reset_password_from_key_done"),
    oeffentlich("quartiere:liste", daten=ein_quartier),
    oeffentlich("quartiere:quartier", daten=ein_quartier_mit_adresse, gezeigt_als="sozialplanung"),
    oeffentlich("quartiere:sozialraum", daten=ein_sozialraum, gezeigt_als="sozialplanung"),
    oeffentlich("sozialindex:methodiken", daten=eine_kleinstadt, gezeigt_als="sozialplanung"),
    intern_sonst_404("sozialindex:methodik", daten=eine_methodik),
    intern_sonst_404("sozialindex:methodik_json", daten=eine_methodik, ist_seite=False),
    nur("sozialindex:methodik_neu", "sozialplanung"),
    nur("sozialindex:methodik_bearbeiten", "sozialplanung", daten=eine_methodik),
    oeffentlich("sozialindex:indikatoren", daten=eine_kleinstadt, gezeigt_als="sozialplanung"),
    oeffentlich("sozialindex:indikator", daten=ein_indikator, gezeigt_als="sozialplanung"),
    nur("sozialindex:indikator_neu", "sozialplanung"),
    nur("sozialindex:indikator_bearbeiten", "sozialplanung", daten=ein_indikator),
    nur("sozialindex:definition_neu", "sozialplanung", daten=ein_indikator),
    oeffentlich("sozialindex:uebersicht", daten=laeufe_in_der_liste, gezeigt_als="sozialplanung"),
    oeffentlich("sozialindex:lauf", daten=ein_veroeffentlichter_lauf),
    nur(
        "sozialindex:lauf",
        *LIEST_ENTWUERFE,
        daten=ein_entwurf,
        verboten=404,
        gezeigt_als="sozialplanung",
    ),
    oeffentlich("sozialindex:lauf_zip", daten=ein_veroeffentlichter_lauf, ist_seite=False),
    nur("sozialindex:lauf_zip", *LIEST_ENTWUERFE, daten=ein_entwurf, verboten=404, ist_seite=False),
    nur("sozialindex:lauf_berechnen", "sozialplanung", daten=eine_kleinstadt),
    aktion("sozialindex:lauf_pruefen", "sozialplanung", gelingt_mit=ein_entwurf),
    aktion("sozialindex:lauf_zurueckgeben", "sozialplanung", "leitung", gelingt_mit=ein_gepruefter_lauf),
    aktion("sozialindex:lauf_veroeffentlichen", "leitung", gelingt_mit=ein_gepruefter_lauf),
    aktion("sozialindex:lauf_verwerfen", "sozialplanung", gelingt_mit=ein_entwurf),
    aktion("sozialindex:lauf_bemerken", *LIEST_ENTWUERFE, formular={"text": "Bitte prüfen."}),
    nur("sozialindex:lieferungen", "sozialplanung", daten=ohne_argumente(geprueft)),
    nur("sozialindex:lieferung_neu", "sozialplanung"),
    nur("sozialindex:lieferung", "sozialplanung", daten=uebernommen),
    nur("sozialindex:lieferung_erkennung", "sozialplanung", daten=geprueft),
    nur("sozialindex:lieferung_zuordnung", "sozialplanung", daten=geprueft),
    nur("sozialindex:lieferung_pruefung", "sozialplanung", daten=geprueft),
    nur("sozialindex:lieferung_zurueckziehen", "sozialplanung", daten=uebernommen),
    nur("sozialindex:lieferung_bericht", "sozialplanung", daten=geprueft, ist_seite=False),
    nur(
        "sozialindex:lieferung_uebernehmen",
        "sozialplanung",
        daten=geprueft,
        methode="post",
        formular=gesehene_pruefung,
    ),
    nur("sozialindex:lieferung_verwerfen", "sozialplanung", daten=geprueft, methode="post"),
    nur("sozialindex:lieferung_ohne_profil", "sozialplanung", daten=geprueft, methode="post"),
    nur(
        "sozialindex:lieferung_profil",
        "sozialplanung",
        daten=uebernommen,
        methode="post",
        formular={"name": "Jahrestabelle"},
    ),
    nur("sozialindex:importprofile", "sozialplanung", daten=ohne_argumente(profil)),
    nur("sozialindex:importprofil_loeschen", "sozialplanung", daten=profil),
    angemeldet("account_change_password"),
    # Sends accounts that have a password on to the page before.
    angemeldet("account_set_password", ist_seite=False),
]

# Django's administration pages look after their own rights; tests/konten/test_admin.py covers them.
AUSGENOMMEN = {"admin"}
