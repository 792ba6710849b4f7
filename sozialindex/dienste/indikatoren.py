"""The only door through which indicators, their definitions and other names are written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from oberhausen_sozialplanung.werkzeuge.text import vergleichsform
from sozialindex.models import Indikator, Indikatoralias, Indikatordefinition, Wert

# Column names of value files, the address of the page that creates an indicator.
BELEGTE_SCHLUESSEL = frozenset({"gebiet", "name", "neu"})
BELEGTE_ANFAENGE = ("dyn_", "beitrag_")
DEFINITIONSFELDER = ("zaehler", "nenner", "quelle")


class Indikatorfehler(ValueError):
    """Nothing was stored; `meldungen` holds one German sentence per finding."""

    def __init__(self, meldungen: Iterable[str]):
        self.meldungen = list(meldungen)
        super().__init__("\n".join(self.meldungen))


@dataclass
class Ladebericht:
    """Keys of the indicators a file brought, and how many names and definitions known ones got."""

    neu: list[str] = field(default_factory=list)
    gleich: list[str] = field(default_factory=list)
    aliase: int = 0
    definitionen: int = 0


def pruefe_schluessel(schluessel: str) -> None:
    """Refuse keys that would collide with a column of the value files or with an address.

    Raises
    ------
    Indikatorfehler
        The key is taken.
    """
    if schluessel in BELEGTE_SCHLUESSEL or schluessel.startswith(BELEGTE_ANFAENGE):
        raise Indikatorfehler([f"Der Schlüssel „{schluessel}“ ist vergeben. Bitte wählen Sie einen anderen."])


@transaction.atomic
def lege_indikator_an(
    *, indikator: Indikator, definition: Indikatordefinition, aliase: Sequence[str] = ()
) -> Indikator:
    """Store a new indicator with its first definition and other names.

    Parameters
    ----------
    indikator, definition
        Not stored yet; `definition.indikator` is set here.

    Raises
    ------
    Indikatorfehler
        A field is not valid, the key is taken, or a name belongs to another indicator.
    """
    pruefe_schluessel(indikator.schluessel)
    _speichere(indikator)
    definition.indikator = indikator
    _speichere(definition)
    setze_aliase(indikator=indikator, aliase=aliase)
    return indikator


@transaction.atomic
def aendere_indikator(*, indikator: Indikator, aliase: Sequence[str]) -> Indikator:
    """Store changed texts and limits of an indicator, and exactly these other names.

    Raises
    ------
    Indikatorfehler
        A field is not valid, the kind was changed although figures exist, or a name belongs to another
        indicator.
    """
    gespeichert = Indikator.objects.select_for_update().get(pk=indikator.pk)
    if gespeichert.art != indikator.art and hat_werte(indikator):
        raise Indikatorfehler(
            [
                f"„{indikator}“ hat schon Werte. Aus einem Anteil wird keine Anzahl und umgekehrt; "
                "legen Sie dafür einen eigenen Indikator an."
            ]
        )
    _speichere(indikator)
    setze_aliase(indikator=indikator, aliase=aliase)
    return indikator


@transaction.atomic
def lege_definition_an(
    *, indikator: Indikator, zaehler: str = "", nenner: str = "", quelle: str = ""
) -> Indikatordefinition:
    """Add the next version of the definition; figures of the versions before stay as they are.

    Raises
    ------
    Indikatorfehler
        The text is the one of the newest version, or a field is not valid.
    """
    list(Indikator.objects.select_for_update().filter(pk=indikator.pk))
    neueste = indikator.definitionen.order_by("version").last()
    texte = {"zaehler": zaehler, "nenner": nenner, "quelle": quelle}
    if neueste and all(getattr(neueste, name) == text for name, text in texte.items()):
        raise Indikatorfehler(
            [
                f"Das ist wortgleich mit der Definition {neueste.version}. "
                "Es wurde keine neue Version angelegt."
            ]
        )
    definition = Indikatordefinition(
        indikator=indikator, version=neueste.version + 1 if neueste else 1, **texte
    )
    _speichere(definition)
    return definition


@transaction.atomic
def setze_aliase(*, indikator: Indikator, aliase: Sequence[str]) -> None:
    """Let the indicator have exactly these other names; spellings that read alike are stored once.

    Raises
    ------
    Indikatorfehler
        A name is too long, or deliveries could not tell it from a name of another indicator.
    """
    gewuenscht = {form: name for name in reversed(aliase) if (form := vergleichsform(name))}
    vergeben = _vergebene_namen(ausser=indikator)
    meldungen = [
        f"Der Name „{name}“ gehört schon zum Indikator „{vergeben[form]}“."
        for form, name in reversed(gewuenscht.items())
        if form in vergeben
    ]
    if meldungen:
        raise Indikatorfehler(meldungen)
    vorhandene = {alias.name: alias for alias in indikator.aliase.all()}
    entfallen = vorhandene.keys() - set(gewuenscht.values())
    indikator.aliase.filter(name__in=entfallen).delete()
    for name in reversed(gewuenscht.values()):
        if name not in vorhandene:
            _speichere(Indikatoralias(indikator=indikator, name=name))


def hat_werte(indikator: Indikator) -> bool:
    """Say whether any delivery brought figures for the indicator. One query."""
    return Wert.objects.filter(definition__indikator=indikator).exists()


@transaction.atomic
def lade_indikatoren(*, daten: Any) -> Ladebericht:
    """Store the indicators of a file; what is there already stays, what contradicts it refuses the file.

    Parameters
    ----------
    daten
        Parsed JSON: `{"indikatoren": [{"schluessel", "name", "kurzname", "beschreibung", "art", "einheit",
        "nachkommastellen", "kern", "reihenfolge", "sprunggrenze", "mindestzahl", "alias": [...],
        "definition": {"version", "zaehler", "nenner", "quelle"}}]}`. Only key, name and definition are
        needed; `polung` belongs to a method and is not read.

    Returns
    -------
    Ladebericht
        The same file a second time changes nothing.

    Raises
    ------
    Indikatorfehler
        With every finding of the whole file; nothing was stored.
    """
    bericht, meldungen = Ladebericht(), []
    for nummer, eintrag in enumerate(_eintraege(daten), start=1):
        try:
            _lade(eintrag, bericht)
        except Indikatorfehler as fehler:
            ort = f"Eintrag {nummer} („{_schluessel_von(eintrag)}“)"
            meldungen += [f"{ort}: {meldung}" for meldung in fehler.meldungen]
    if meldungen:
        raise Indikatorfehler(meldungen)
    return bericht


# --- files ---

INDIKATORFELDER = (
    "schluessel",
    "name",
    "kurzname",
    "beschreibung",
    "art",
    "einheit",
    "nachkommastellen",
    "kern",
    "reihenfolge",
    "sprunggrenze",
    "mindestzahl",
)


def _eintraege(daten: Any) -> list[Any]:
    eintraege = daten.get("indikatoren") if isinstance(daten, Mapping) else None
    if not isinstance(eintraege, list) or not eintraege:
        raise Indikatorfehler(['Erwartet wird ein JSON-Objekt mit der Liste "indikatoren".'])
    return eintraege


def _schluessel_von(eintrag: Any) -> str:
    return str(eintrag.get("schluessel", "?")) if isinstance(eintrag, Mapping) else "?"


def _lade(eintrag: Any, bericht: Ladebericht) -> None:
    felder, definition, aliase = _zerlege(eintrag)
    with transaction.atomic():
        vorhanden = Indikator.objects.filter(schluessel=felder["schluessel"]).first()
        if vorhanden is None:
            felder.setdefault("kurzname", str(felder["name"])[:40])
            lege_indikator_an(
                indikator=Indikator(**felder), definition=Indikatordefinition(**definition), aliase=aliase
            )
            bericht.neu.append(felder["schluessel"])
        else:
            _gleiche_ab(vorhanden, felder, definition, aliase, bericht)
            bericht.gleich.append(felder["schluessel"])


def _zerlege(eintrag: Any) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    if not isinstance(eintrag, Mapping):
        raise Indikatorfehler(["Der Eintrag ist kein JSON-Objekt."])
    definition, aliase = eintrag.get("definition"), eintrag.get("alias", [])
    meldungen = [
        f"„{name}“ fehlt." for name in ("schluessel", "name") if not isinstance(eintrag.get(name), str)
    ]
    if not isinstance(definition, Mapping):
        meldungen.append("„definition“ fehlt.")
    if not isinstance(aliase, list) or not all(isinstance(name, str) for name in aliase):
        meldungen.append("„alias“ muss eine Liste von Namen sein.")
    if meldungen:
        raise Indikatorfehler(meldungen)
    felder = {name: eintrag[name] for name in INDIKATORFELDER if name in eintrag}
    texte = {name: definition.get(name, "") for name in DEFINITIONSFELDER}
    return felder, {"version": definition.get("version", 1), **texte}, aliase


def _gleiche_ab(
    indikator: Indikator,
    felder: Mapping[str, Any],
    definition: Mapping[str, Any],
    aliase: Sequence[str],
    bericht: Ladebericht,
) -> None:
    """Compare a file's entry with the stored indicator; add names and a later definition, refuse the rest."""
    meldungen = _unterschiede(indikator, felder)
    gespeicherte = {zeile.version: zeile for zeile in indikator.definitionen.all()}
    vorhanden = gespeicherte.get(definition["version"])
    if vorhanden:
        meldungen += _unterschiede(vorhanden, definition)
    elif definition["version"] != max(gespeicherte, default=0) + 1:
        meldungen.append(f"Die nächste Version der Definition ist {max(gespeicherte, default=0) + 1}.")
    if meldungen:
        raise Indikatorfehler(meldungen)
    if not vorhanden:
        _speichere(Indikatordefinition(indikator=indikator, **definition))
        bericht.definitionen += 1
    bisher = [alias.name for alias in indikator.aliase.all()]
    setze_aliase(indikator=indikator, aliase=[*bisher, *aliase])
    bericht.aliase += indikator.aliase.count() - len(bisher)


def _unterschiede(gespeichert: Indikator | Indikatordefinition, felder: Mapping[str, Any]) -> list[str]:
    return [
        f"„{name}“ ist in der Datei „{wert}“, gespeichert ist „{getattr(gespeichert, name)}“."
        for name, wert in felder.items()
        if getattr(gespeichert, name) != wert
    ]


# --- rows ---


def _vergebene_namen(*, ausser: Indikator) -> dict[str, str]:
    """Comparable forms of all names of the other indicators, with the indicator's name. Two queries."""
    andere = Indikator.objects.exclude(pk=ausser.pk).values_list("schluessel", "name", "kurzname")
    aliase = Indikatoralias.objects.exclude(indikator=ausser).values_list("name", "indikator__name")
    namen = {vergleichsform(wort): zeile[1] for zeile in andere for wort in zeile}
    return {**namen, **{vergleichsform(alias): name for alias, name in aliase}}


def _speichere(objekt: Indikator | Indikatordefinition | Indikatoralias) -> None:
    try:
        objekt.full_clean()
        with transaction.atomic():
            objekt.save()
    except ValidationError as fehler:
        raise Indikatorfehler(_als_meldungen(objekt, fehler)) from fehler
    except IntegrityError as fehler:
        raise Indikatorfehler(
            [f"„{objekt}“ wurde gerade von jemand anderem angelegt. Bitte laden Sie die Seite neu."]
        ) from fehler


def _als_meldungen(objekt, fehler: ValidationError) -> list[str]:
    meldungen = []
    for feld, texte in fehler.message_dict.items():
        bekannt = {f.name for f in objekt._meta.fields}
        ort = f"{objekt._meta.get_field(feld).verbose_name}: " if feld in bekannt else ""
        meldungen += [f"{ort}{text}" for text in texte]
    return meldungen
