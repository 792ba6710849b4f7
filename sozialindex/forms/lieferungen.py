from dataclasses import replace

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from sozialindex.abfragen.lieferungen import Einblick
from sozialindex.begriffe import Zustand
from sozialindex.einlesen.datei import Quelle
from sozialindex.einlesen.einstellungen import Einstellungen, Rolle, Spalte
from sozialindex.einlesen.stichtag import Stichtagfehler, stichtag_lesen
from sozialindex.einlesen.verzeichnis import Ebene, Gebiet, Verzeichnis
from sozialindex.models import Importprofil

KODIERUNGEN = [
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "UTF-8 mit Kennung (BOM)"),
    ("cp1252", "Windows-1252 (ältere Windows-Programme)"),
    ("utf-16", "UTF-16"),
]
TRENNZEICHEN = [(";", "Semikolon"), (",", "Komma"), ("\t", "Tabulator"), ("|", "senkrechter Strich")]
DEZIMALZEICHEN = [
    ("", "nicht festgelegt"),
    (",", "Komma (12,5)"),
    (".", "Punkt (12.5)"),
]
ALS_FEHLER = ""
ZEICHENBEDEUTUNGEN = [
    (ALS_FEHLER, "als Fehler melden"),
    *((zustand.value, zustand.titel) for zustand in Zustand if zustand != Zustand.VORHANDEN),
]
FRAGEN = [("Zu welchem Indikator", "indikator"), ("welches Jahr oder welchen Stichtag", "stichtag")]
KLASSEN = {
    forms.Select: "form-select",
    forms.TextInput: "form-control",
    forms.CheckboxInput: "form-check-input",
}
EBENENTITEL: dict[Ebene, str] = {"quartier": "Quartiere", "sozialraum": "Sozialräume", "stadt": "Stadt"}


class HochladenForm(forms.Form):
    datei = forms.FileField(
        label="Datei mit den Werten",
        help_text="CSV, TXT, XLSX oder ODS, höchstens 20 MB. Sie können die Datei auch auf das Feld ziehen.",
        allow_empty_file=True,
        error_messages={"required": "Bitte wählen Sie eine Datei aus."},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.ods"}),
    )

    def clean_datei(self):
        datei = self.cleaned_data["datei"]
        if datei.size > settings.MAX_UPLOAD_BYTES:
            raise ValidationError(
                f"Die Datei ist {datei.size / 1_048_576:.0f} MB groß; angenommen werden höchstens "
                f"{settings.MAX_UPLOAD_BYTES / 1_048_576:.0f} MB. Es wurde nichts gespeichert. "
                "Bitte teilen Sie die Lieferung auf."
            )
        return datei


class ErkennungForm(forms.Form):
    """How the rows of the file lie; every field is a guess that a person may correct."""

    kodierung = forms.ChoiceField(label="Zeichenkodierung", choices=KODIERUNGEN)
    trennzeichen = forms.ChoiceField(label="Trennzeichen", choices=TRENNZEICHEN)
    blatt = forms.ChoiceField(label="Tabellenblatt")
    dezimalzeichen = forms.ChoiceField(
        label="Dezimalzeichen",
        choices=DEZIMALZEICHEN,
        required=False,
        help_text="Ist keines festgelegt, werden mehrdeutige Zahlen wie 1.234 als Fehler gemeldet.",
    )
    kopf_von = forms.IntegerField(
        label="Erste Kopfzeile", min_value=0, help_text="0, wenn die Datei keine Kopfzeile hat."
    )
    kopf_bis = forms.IntegerField(label="Letzte Kopfzeile", min_value=0)
    daten_bis = forms.IntegerField(
        label="Letzte Zeile mit Daten", min_value=1, required=False, help_text="Leer: bis zum Ende der Datei."
    )

    def __init__(self, *args, quelle: Quelle, **kwargs):
        super().__init__(*args, **kwargs)
        if quelle.art == "text":
            del self.fields["blatt"]
            if quelle.kodierung != "utf-16":  # cannot be read as such without its byte order mark
                self.fields["kodierung"].choices = [wahl for wahl in KODIERUNGEN if wahl[0] != "utf-16"]
            return
        del self.fields["kodierung"], self.fields["trennzeichen"]
        self.fields["blatt"].choices = [
            (blatt.name, f"{blatt.name} ({blatt.zeilen} Zeilen)") for blatt in quelle.blaetter
        ]

    def clean(self):
        daten = super().clean()
        von, bis, ende = (daten.get(name) for name in ("kopf_von", "kopf_bis", "daten_bis"))
        if von is not None and bis is not None and (von > bis or (von == 0) != (bis == 0)):
            self.add_error("kopf_bis", "Die letzte Kopfzeile liegt vor der ersten.")
        elif bis is not None and ende is not None and ende <= bis:
            self.add_error("daten_bis", "Die Daten müssen unter der Kopfzeile enden.")
        return daten


class StichtagField(forms.CharField):
    """A year or a date in words of the user; empty or an ISO date."""

    def __init__(self, *, heute, **kwargs):
        self.heute = heute
        super().__init__(required=False, max_length=40, **kwargs)

    def clean(self, wert):
        text = super().clean(wert)
        try:
            return stichtag_lesen(text, self.heute).isoformat() if text else ""
        except Stichtagfehler as fehler:
            raise ValidationError(str(fehler)) from fehler


class ZuordnungForm(forms.Form):
    """What each column, sign and unknown name of one file means; the fields depend on the file."""

    def __init__(
        self,
        *args,
        einstellungen: Einstellungen,
        einblick: Einblick,
        verzeichnis: Verzeichnis,
        zu_merken: dict,
        **kw,
    ):
        super().__init__(*args, **kw)
        self.alt, self.einblick, self.verzeichnis = einstellungen, einblick, verzeichnis
        self.gemerkt = {text for namen in zu_merken.values() for text in namen} if zu_merken else None
        self.indikatorwahl = [("", "–"), *((i.schluessel, i.name) for i in verzeichnis.indikatoren)]
        self._feste_angaben()
        for stelle in range(len(einblick.kopf)):
            self._spalte(stelle)
        for stelle, (zeichen, _) in enumerate(einblick.zeichen.items()):
            self._zeichen(stelle, zeichen)
        for stelle, name in enumerate(einblick.gebiete):
            self._name(f"gebiet-{stelle}", name, _gebietswahl(verzeichnis), einstellungen.gebiete)
        for stelle, name in enumerate(einblick.indikatoren):
            self._name(f"wort-{stelle}", name, self.indikatorwahl, einstellungen.indikatoren)
        for feld in self.fields.values():
            feld.widget.attrs["class"] = KLASSEN[type(feld.widget)]

    def _feste_angaben(self):
        self.fields["indikator"] = forms.ChoiceField(
            label="Indikator aller Werte",
            choices=self.indikatorwahl,
            required=False,
            initial=self.alt.indikator,
            help_text="Nur nötig, wenn weder eine Spalte noch ihr Kopf den Indikator nennt.",
        )
        self.fields["stichtag"] = StichtagField(
            heute=self.verzeichnis.heute,
            label="Jahr oder Stichtag aller Werte",
            initial=_datum(self.alt.stichtag),
            help_text="Nur nötig, wenn weder eine Spalte noch ihr Kopf das Jahr nennt. Beispiel: 31.12.2022",
        )

    def _spalte(self, stelle):
        spalte = self.alt.spalten[stelle] if stelle < len(self.alt.spalten) else Spalte()
        kopf = self.einblick.kopf[stelle]
        rollen = [(rolle.value, rolle.titel) for rolle in Rolle]
        self.fields[f"spalte-{stelle}-rolle"] = forms.ChoiceField(
            label=f"Inhalt der Spalte „{kopf}“", choices=rollen, initial=spalte.rolle.value
        )
        self.fields[f"spalte-{stelle}-indikator"] = forms.ChoiceField(
            label=f"Indikator der Spalte „{kopf}“",
            choices=self.indikatorwahl,
            required=False,
            initial=spalte.indikator,
        )
        self.fields[f"spalte-{stelle}-stichtag"] = StichtagField(
            heute=self.verzeichnis.heute,
            label=f"Stichtag der Spalte „{kopf}“",
            initial=_datum(spalte.stichtag),
        )

    def _zeichen(self, stelle, zeichen):
        bedeutung = self.alt.symbole.get(zeichen, ALS_FEHLER)
        self.fields[f"zeichen-{stelle}"] = forms.ChoiceField(
            label=f"Bedeutung von „{zeichen}“", choices=ZEICHENBEDEUTUNGEN, required=False, initial=bedeutung
        )

    def _name(self, feld, name, wahl, bisher):
        self.fields[feld] = forms.ChoiceField(
            label=f"„{name.text}“ gehört zu", choices=wahl, required=False, initial=bisher.get(name.text, "")
        )
        abgewaehlt = self.gemerkt is not None and name.text in bisher and name.text not in self.gemerkt
        self.fields[f"{feld}-merken"] = forms.BooleanField(
            label="nach der Übernahme für künftige Lieferungen merken",
            required=False,
            initial=not abgewaehlt,
        )

    @property
    def feste_angaben(self):
        return [self["indikator"], self["stichtag"]]

    @property
    def spalten(self):
        """Per column: ``kopf``, ``beispiele`` and the fields ``rolle``, ``indikator``, ``stichtag``."""
        for stelle, kopf in enumerate(self.einblick.kopf):
            felder = {teil: self[f"spalte-{stelle}-{teil}"] for teil in ("rolle", "indikator", "stichtag")}
            yield {"kopf": kopf, "beispiele": self.einblick.beispiele[stelle], **felder}

    @property
    def zeichen(self):
        for stelle, (zeichen, anzahl) in enumerate(self.einblick.zeichen.items()):
            yield {"zeichen": zeichen, "anzahl": anzahl, "feld": self[f"zeichen-{stelle}"]}

    @property
    def gebiete(self):
        return self._namen("gebiet", self.einblick.gebiete)

    @property
    def indikatoren(self):
        return self._namen("wort", self.einblick.indikatoren)

    def _namen(self, art, namen):
        for stelle, name in enumerate(namen):
            yield {
                "name": name,
                "feld": self[f"{art}-{stelle}"],
                "merken": self[f"{art}-{stelle}-merken"],
            }

    def einstellungen(self) -> Einstellungen:
        """Settings of the file with everything the person has said."""
        daten = self.cleaned_data
        zeichen = {z: daten[f"zeichen-{i}"] for i, z in enumerate(self.einblick.zeichen)}
        return replace(
            self.alt,
            indikator=daten["indikator"],
            stichtag=daten["stichtag"],
            spalten=tuple(self._neue_spalte(stelle) for stelle in range(len(self.einblick.kopf))),
            symbole={z: s for z, s in self.alt.symbole.items() if z not in zeichen}
            | {z: Zustand(s) for z, s in zeichen.items() if s},
            gebiete={**self.alt.gebiete, **self._zugeordnet("gebiet", self.einblick.gebiete)},
            indikatoren={**self.alt.indikatoren, **self._zugeordnet("wort", self.einblick.indikatoren)},
        )

    @staticmethod
    def feld_zu(frage: str) -> str | None:
        """The field that answers a question of `Einstellungen.fehlend`, None for the columns as a whole."""
        return next((feld for wort, feld in FRAGEN if wort in frage), None)

    def zu_merken(self) -> dict[str, dict[str, str]]:
        """Assigned names whose tick says that they are to be remembered, as the service takes them."""
        return {
            "gebiete": self._angehakt("gebiet", self.einblick.gebiete),
            "indikatoren": self._angehakt("wort", self.einblick.indikatoren),
        }

    def _angehakt(self, art, namen) -> dict[str, str]:
        gemerkt = {
            name.text for stelle, name in enumerate(namen) if self.cleaned_data[f"{art}-{stelle}-merken"]
        }
        zugeordnet = self._zugeordnet(art, namen)
        return {text: ziel for text, ziel in zugeordnet.items() if text in gemerkt}

    def _neue_spalte(self, stelle) -> Spalte:
        teile = {teil: self.cleaned_data[f"spalte-{stelle}-{teil}"] for teil in ("indikator", "stichtag")}
        rolle = Rolle(self.cleaned_data[f"spalte-{stelle}-rolle"])
        traegt = rolle in (Rolle.WERT, Rolle.ZAEHLER, Rolle.NENNER, Rolle.QUALITAET)
        return Spalte(rolle, **teile) if traegt else Spalte(rolle)

    def _zugeordnet(self, art, namen) -> dict[str, str]:
        paare = ((name.text, self.cleaned_data[f"{art}-{stelle}"]) for stelle, name in enumerate(namen))
        return {text: ziel for text, ziel in paare if ziel}


class ProfilForm(forms.ModelForm):
    """Only the name; saving is the service's business, so an existing name is no error but replaces."""

    class Meta:
        model = Importprofil
        fields = ["name"]
        labels = {"name": "Name des Importprofils"}
        help_texts = {
            "name": "Beispiel: Statistikstelle, jährliche Tabelle. Gleicher Name ersetzt das Profil."
        }

    def validate_unique(self):
        """A name that exists is meant."""


def gebietskennung(gebiet: Gebiet) -> str:
    """The word by which the reader finds exactly this area; a quarter may have the name of its Sozialraum."""
    if gebiet.ebene == "quartier":
        return gebiet.nummer or gebiet.name
    return f"Sozialraum {gebiet.name}" if gebiet.ebene == "sozialraum" else gebiet.name


def _gebietswahl(verzeichnis: Verzeichnis):
    gruppen = [("", "–")]
    for ebene, titel in EBENENTITEL.items():
        gebiete = [gebiet for gebiet in verzeichnis.gebiete if gebiet.ebene == ebene]
        gruppen.append((titel, [(gebietskennung(g), f"{g.nummer} {g.name}".strip()) for g in gebiete]))
    return gruppen


def _datum(iso: str) -> str:
    return ".".join(reversed(iso.split("-"))) if iso else ""
