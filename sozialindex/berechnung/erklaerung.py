"""The method in plain German, for the page of a run and for its download."""

from .satz import (
    Aggregation,
    Klassenart,
    Klassierung,
    Methodik,
    Normierungsart,
    Nullpunkt,
    Skala,
    Standardabweichung,
    Transformation,
)

Abschnitt = tuple[str, list[str]]

NULLPUNKTE = {
    Nullpunkt.GEBIETSMITTEL: "das ungewichtete Mittel der einbezogenen Gebiete",
    Nullpunkt.EINWOHNERGEWICHTET: "das mit den Einwohnerzahlen gewichtete Mittel der einbezogenen Gebiete",
    Nullpunkt.STADTWERT: "der Wert der Gesamtstadt (Summe der Zähler / Summe der Nenner)",
}
ABWEICHUNGEN = {
    Standardabweichung.POPULATION: "die Standardabweichung der Grundgesamtheit (Teiler n)",
    Standardabweichung.STICHPROBE: "die Standardabweichung der Stichprobe (Teiler n − 1)",
}
SKALEN = {
    Skala.RESTANDARDISIERT: "Index = Summe / Standardabweichung der Summe (Teiler n)",
    Skala.SUMME: "Index = Summe",
    Skala.MITTEL: "Index = Summe / Summe der Gewichte",
}
TRANSFORMATIONEN = {Transformation.LN: "ln(Wert)", Transformation.LN1P: "ln(1 + Wert)"}


def erklaere(methodik: Methodik) -> list[Abschnitt]:
    """Return (heading, sentences) in the order of the computation; formulas are part of the sentences."""
    return [
        ("Indikatoren", _indikatoren(methodik)),
        ("Einbezogene Gebiete", _einschluss(methodik)),
        ("Normierung", _normierung(methodik)),
        ("Gewichtung und Index", _index(methodik)),
        ("Status", _status(methodik)),
        ("Dynamik", _dynamik(methodik)),
        ("Lesart", _lesart(methodik)),
        ("Robustheit", _robustheit(methodik)),
    ]


def deutsche_zahl(zahl: float) -> str:
    return f"{zahl:.10g}".replace("-", "−").replace(".", ",")


def _indikatoren(methodik: Methodik) -> list[str]:
    saetze = []
    for indikator in methodik.indikatoren:
        richtung = "ein höherer" if indikator.polung == 1 else "ein niedrigerer"
        anteil = deutsche_zahl(round(100 * methodik.gewichte_normiert[indikator.schluessel], 2))
        wandel = TRANSFORMATIONEN.get(indikator.transformation)
        saetze.append(
            f"{indikator.schluessel} (Definition {indikator.definition}): "
            f"{richtung} Wert bedeutet mehr Belastung; "
            f""
            f"Gewicht {deutsche_zahl(indikator.gewicht)} ({anteil} %)"
            + (f"; gerechnet wird mit {wandel}." if wandel else ".")
        )
    return saetze


def _einschluss(methodik: Methodik) -> list[str]:
    regel = methodik.einschluss
    saetze = [
        f"Ein Gebiet braucht mindestens {regel.min_indikatoren} von {len(methodik.indikatoren)} Werten; "
        "fehlende Werte werden nicht geschätzt."
    ]
    if regel.min_einwohner:
        saetze.insert(0, f"Gebiete mit weniger als {regel.min_einwohner} Einwohner*innen bleiben außen vor.")
    if regel.min_indikatoren < len(methodik.indikatoren):
        saetze.append(
            "Fehlt ein Wert, wird die Summe der vorhandenen im Verhältnis aller zu den vorhandenen Gewichten "
            "hochgerechnet."
        )
    return saetze + [f"Ausgeschlossen ist {fall.gebiet}: {fall.grund}." for fall in regel.ausgeschlossen]


def _normierung(methodik: Methodik) -> list[str]:
    regel = methodik.normierung
    if regel.art is Normierungsart.Z:
        return [
            "z = (Wert − Nullpunkt) / Standardabweichung, je Indikator über alle einbezogenen Gebiete.",
            f"Nullpunkt ist {NULLPUNKTE[regel.nullpunkt]}.",
            f"Verwendet wird {ABWEICHUNGEN[regel.standardabweichung]}, gemessen um das Mittel der Gebiete.",
            "Bei umgekehrter Polung wechselt das Vorzeichen.",
        ]
    if regel.art is Normierungsart.MINMAX:
        formel = "Normierter Wert = (Wert − kleinster Wert) / (größter Wert − kleinster Wert), also 0 bis 1."
    else:
        formel = "Normierter Wert = Anzahl kleinerer Werte / (Anzahl der Gebiete − 1), also 0 bis 1."
    return [formel, "Bei umgekehrter Polung wird von der anderen Seite gezählt."]


def _index(methodik: Methodik) -> list[str]:
    beitraege = "Die Beiträge der Indikatoren ergeben zusammen genau den Index."
    if methodik.index.aggregation is Aggregation.GEOMETRISCH:
        restandardisiert = methodik.index.skala is Skala.RESTANDARDISIERT
        teiler = " / Standardabweichung des Produkts (Teiler n)" if restandardisiert else ""
        return [
            "Produkt = normierter Wert hoch (Gewicht / Summe der Gewichte), über alle Indikatoren.",
            f"Index = Produkt{teiler}.",
            f"Er wird im Verhältnis Gewicht × normierter Wert auf die Indikatoren verteilt. {beitraege}",
        ]
    summe = "Summe = Gewicht × normierter Wert, über alle Indikatoren addiert."
    return [summe, f"{SKALEN[methodik.index.skala]}.", beitraege]


def klassengrenzen(klassierung: Klassierung) -> list[str]:
    """Return one sentence per class with its limits in words."""
    grenzen = [deutsche_zahl(grenze) for grenze in klassierung.grenzen]
    if klassierung.art is Klassenart.QUANTIL:
        anteile = ", ".join(f"{deutsche_zahl(100 * grenze)} %" for grenze in klassierung.grenzen)
        namen = ", ".join(klassierung.klassen)
        return [f"Die Grenzen liegen bei {anteile} der einbezogenen Gebiete; Klassen von unten: {namen}."]
    saetze = [f"{klassierung.klassen[0]}: Index unter {grenzen[0]}."]
    for nummer, klasse in enumerate(klassierung.klassen[1:-1]):
        unten = "ab" if nummer == 0 else "über"
        saetze.append(f"{klasse}: Index {unten} {grenzen[nummer]} bis einschließlich {grenzen[nummer + 1]}.")
    letzte = "ab" if len(grenzen) == 1 else "über"
    return [*saetze, f"{klassierung.klassen[-1]}: Index {letzte} {grenzen[-1]}."]


def _status(methodik: Methodik) -> list[str]:
    return [*klassengrenzen(methodik.status), "Verglichen wird nach Rundung auf zehn Nachkommastellen."]


def _dynamik(methodik: Methodik) -> list[str]:
    if methodik.dynamik.jahre is None:
        return ["Diese Methodik sieht keinen Dynamikindex vor."]
    spanne = "ein Jahr" if methodik.dynamik.jahre == 1 else f"{methodik.dynamik.jahre} Jahre"
    return [
        f"Gerechnet wird genauso mit der Veränderung über {spanne} in Prozentpunkten, ohne Transformation.",
        *klassengrenzen(methodik.dynamik.klassierung),
    ]


def _lesart(methodik: Methodik) -> list[str]:
    saetze = [
        "Ein höherer Index bedeutet mehr Belastung; ein niedriger Status bedeutet ein hohes Armutsrisiko.",
        "Der Index ist eine Suchhilfe und kein Urteil über die Menschen in einem Gebiet.",
    ]
    if methodik.dynamik.jahre is not None:
        saetze.insert(
            1,
            "Eine positive Dynamik heißt, dass das Risiko im Vergleich zur Stadt sinkt; eine negative ist "
            "schlechter als die Entwicklung der Stadt, nicht unbedingt eine Verschlechterung.",
        )
    return saetze


def _robustheit(methodik: Methodik) -> list[str]:
    vorgabe = methodik.robustheit
    prozent = deutsche_zahl(100 * vorgabe.gewichtsrauschen)
    return [
        f"In {vorgabe.laeufe} Läufen werden die Gewichte zufällig um bis zu ±{prozent} % verändert "
        f"(Startwert {vorgabe.startwert}).",
        "Außerdem wird je ein Indikator weggelassen und es werden andere Nullpunkte, die andere "
        "Standardabweichung und Ränge statt Werten geprüft, soweit sie berechenbar sind.",
    ]
