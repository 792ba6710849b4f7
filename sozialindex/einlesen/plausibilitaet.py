"""Hints on figures that can be right but are worth a second look; nothing here refuses a value."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from oberhausen_sozialplanung.werkzeuge.zahlen import zahl_text
from sozialindex.einlesen.verzeichnis import Gebiet, Indikator, Verzeichnis

MAX_JE_ART = 200
SPRUNG_TAGE = 731
"""A jump is measured against the nearest earlier Stichtag at most two years back."""
AUSREISSER_FAKTOR = 0.6745
AUSREISSER_GRENZE = 3.5
"""Modified z-score 0.6745·(x − median)/MAD beyond 3.5 (Iglewicz and Hoaglin 1993, How to Detect
and Handle Outliers)."""
AUSREISSER_AB = 10
RUNDUNG_ANTEIL = 0.0501
"""Delivered rates have at least one decimal: half a unit of it, and a little for binary fractions."""
RUNDUNG_ANZAHL = 0.501
_MASSE = ["definition", "stichtag"]
ARTEN = ("ueber_100", "sprung", "ausreisser", "summe", "spanne", "fehlende_quartiere")


@dataclass(frozen=True, slots=True)
class Hinweis:
    """One question to a person; zeile, gebiet are None where no single row or area is meant."""

    art: str
    zeile: int | None
    gebiet: int | None
    definition: int | None
    stichtag: date | None
    text: str


def pruefe(werte: pd.DataFrame, verzeichnis: Verzeichnis, fruehere: pd.DataFrame) -> list[Hinweis]:
    """Compare values with each other, with earlier ones and with delivered totals.

    Parameters
    ----------
    werte : DataFrame
        As in `Leseergebnis.werte`.
    verzeichnis : Verzeichnis
    fruehere : DataFrame
        Values already known, same columns (may be empty, `zeile` is not used); only read for jumps.

    Returns
    -------
    list of Hinweis
        By kind (`ARTEN`), then line; at most 200 per kind, followed by one that says how many more there are.
    """
    pruefer = _Pruefer(verzeichnis)
    da = werte[werte["wert"].notna()]
    funde = (
        pruefer.ueber_100(da),
        pruefer.spruenge(da, fruehere[fruehere["wert"].notna()]),
        pruefer.ausreisser(da),
        pruefer.summen(werte),
        pruefer.spannen(da),
        pruefer.fehlende(werte),
    )
    return [h for art, fund in zip(ARTEN, funde, strict=True) for h in _begrenzt(art, *fund)]


Fund = tuple[pd.DataFrame, Callable[["pd.Series"], str]]


def _begrenzt(art: str, zeilen: pd.DataFrame, satz: Callable) -> Iterator[Hinweis]:
    sortiert = zeilen.sort_values("zeile", kind="stable") if "zeile" in zeilen else zeilen
    for zeile in sortiert.head(MAX_JE_ART).itertuples(index=False):
        yield Hinweis(
            art,
            int(zeile.zeile) if hasattr(zeile, "zeile") else None,
            int(zeile.gebiet) if hasattr(zeile, "gebiet") else None,
            int(zeile.definition),
            zeile.stichtag.date(),
            satz(zeile),
        )
    weitere = len(zeilen) - MAX_JE_ART
    if weitere > 0:
        yield Hinweis(art, None, None, None, None, f"… und {weitere} weitere Hinweise dieser Art.")


class _Pruefer:
    def __init__(self, verzeichnis: Verzeichnis) -> None:
        self.gebiete: dict[int, Gebiet] = {g.id: g for g in verzeichnis.gebiete}
        self.indikatoren: dict[int, Indikator] = {i.definition_id: i for i in verzeichnis.indikatoren}
        self.quartiere = [g.id for g in verzeichnis.gebiete if g.ebene == "quartier"]
        self.anteile = [d for d, i in self.indikatoren.items() if i.art == "anteil"]

    def ueber_100(self, da: pd.DataFrame) -> Fund:
        zeilen = da[da["definition"].isin(self.anteile) & (da["wert"] > 100)]
        return zeilen, lambda z: f"{self._worum(z)}: {zahl_text(z.wert)} % ist mehr als 100 %."

    def spruenge(self, da: pd.DataFrame, fruehere: pd.DataFrame) -> Fund:
        grenzen = {d: i.sprunggrenze for d, i in self.indikatoren.items() if i.sprunggrenze is not None}
        spalten = ["gebiet", "definition", "stichtag", "wert", "zeile"]
        alle = pd.concat(
            [fruehere[spalten].assign(neu=False), da[spalten].assign(neu=True)], ignore_index=True
        )
        alle = alle[alle["definition"].isin(list(grenzen))]
        alle = alle.drop_duplicates(["gebiet", "definition", "stichtag"], keep="last")
        alle = alle.sort_values(["gebiet", "definition", "stichtag"])
        davor = alle.groupby(["gebiet", "definition"])[["stichtag", "wert"]].shift()
        alle["davor"], alle["am"] = davor["wert"], davor["stichtag"]
        nah = (alle["stichtag"] - alle["am"]).dt.days <= SPRUNG_TAGE
        anteil = alle["definition"].isin(self.anteile)
        sprung = (alle["wert"] - alle["davor"]).abs()
        with np.errstate(divide="ignore", invalid="ignore"):
            sprung = sprung.where(anteil, 100 * sprung / alle["davor"].abs())
        alle["sprung"] = sprung
        return alle[
            alle["neu"] & nah & (sprung > alle["definition"].map(grenzen).astype(float))
        ], self._sprungsatz

    def ausreisser(self, da: pd.DataFrame) -> Fund:
        klein = da[da["gebiet"].isin(self.quartiere)]
        gruppen = klein.groupby(_MASSE)["wert"]
        mitte = gruppen.transform("median")
        abstand = (klein["wert"] - mitte).abs()
        mad = abstand.groupby([klein["definition"], klein["stichtag"]]).transform("median")
        auffaellig = (AUSREISSER_FAKTOR * abstand > AUSREISSER_GRENZE * mad) & (mad > 0)
        zeilen = klein.assign(mitte=mitte)[auffaellig & (gruppen.transform("size") >= AUSREISSER_AB)]
        return (
            zeilen,
            lambda z: (
                f"{self._worum(z)}: {self._zahl(z, z.wert)} liegt weit ab von den übrigen Quartieren "
                f"(Median {self._zahl(z, z.mitte)})."
            ),
        )

    def summen(self, werte: pd.DataFrame) -> Fund:
        """Delivered totals against complete sums of quarters: counts, rates from counts, numbers."""
        gesamt = self._mit_quartieren(werte)
        anteil = gesamt["definition"].isin(self.anteile)
        voll = gesamt["anzahl"] == gesamt["gebiet"].map(self._umfang())
        quote = 100 * gesamt["zaehler_q"] / gesamt["nenner_q"].where(gesamt["nenner_q"] > 0)
        zaehlung = anteil & voll & gesamt["zaehler"].notna() & gesamt["zaehler_q"].notna()
        ungleich = (gesamt["zaehler"] - gesamt["zaehler_q"]).abs() > RUNDUNG_ANZAHL
        ungleich |= (gesamt["nenner"] - gesamt["nenner_q"]).abs() > RUNDUNG_ANZAHL
        quoten = anteil & voll & gesamt["zaehler"].isna() & ((gesamt["wert"] - quote).abs() > RUNDUNG_ANTEIL)
        anzahlen = ~anteil & voll & ((gesamt["wert"] - gesamt["wert_q"]).abs() > RUNDUNG_ANZAHL)
        return gesamt.assign(quote=quote)[(zaehlung & ungleich) | quoten | anzahlen], self._summensatz

    def spannen(self, da: pd.DataFrame) -> Fund:
        """A total rate must lie between the smallest and largest rate of its quarters, where
        counts are missing."""
        gesamt = self._mit_quartieren(da)
        ohne = gesamt["definition"].isin(self.anteile) & gesamt["zaehler_q"].isna()
        voll = gesamt["anzahl"] == gesamt["gebiet"].map(self._umfang())
        ausserhalb = (gesamt["wert"] < gesamt["kleinster"]) | (gesamt["wert"] > gesamt["groesster"])
        return (
            gesamt[ohne & voll & ausserhalb],
            lambda z: (
                f"{self._worum(z)}: {zahl_text(z.wert)} % liegt außerhalb der Spanne "
                f"der zugehörigen Quartiere ({zahl_text(z.kleinster)} % bis {zahl_text(z.groesster)} %)."
            ),
        )

    def fehlende(self, werte: pd.DataFrame) -> Fund:
        klein = werte[werte["gebiet"].isin(self.quartiere)]
        anzahl = klein.groupby(_MASSE)["gebiet"].nunique().rename("anzahl").reset_index()
        luecken = anzahl[anzahl["anzahl"] < len(self.quartiere)]
        return luecken, lambda z: self._lueckensatz(z, klein)

    def _umfang(self) -> dict[int, int]:
        return self._zuordnung()["oben"].value_counts().to_dict()

    def _zuordnung(self) -> pd.DataFrame:
        """Pairs (quarter, area above it) over all levels."""
        paare = []
        for quartier in self.quartiere:
            oben, gesehen = self.gebiete[quartier].uebergeordnet, set()
            while oben in self.gebiete and oben not in gesehen:
                paare.append((quartier, oben))
                gesehen.add(oben)
                oben = self.gebiete[oben].uebergeordnet
        return pd.DataFrame(paare, columns=["gebiet", "oben"], dtype=np.int64)

    def _mit_quartieren(self, werte: pd.DataFrame) -> pd.DataFrame:
        """Put sums and range of the quarters beside every delivered total that has a value."""
        zuordnung = self._zuordnung()
        totale = werte[werte["gebiet"].isin(zuordnung["oben"]) & werte["wert"].notna()]
        teile = werte[
            werte["definition"].isin(totale["definition"]) & werte["stichtag"].isin(totale["stichtag"])
        ]
        gruppen = teile.merge(zuordnung, on="gebiet").groupby(["oben", *_MASSE])
        summen = gruppen[["zaehler", "nenner", "wert"]].sum(skipna=False).add_suffix("_q")
        summen["anzahl"] = gruppen["wert"].count()
        summen["kleinster"], summen["groesster"] = gruppen["wert"].min(), gruppen["wert"].max()
        return totale.merge(summen.reset_index().rename(columns={"oben": "gebiet"}), on=["gebiet", *_MASSE])

    def _worum(self, zeile) -> str:
        indikator = self.indikatoren[zeile.definition].name
        return f"{self.gebiete[zeile.gebiet].name}, {indikator}, {zeile.stichtag:%d.%m.%Y}"

    def _zahl(self, zeile, wert: float) -> str:
        return f"{zahl_text(wert)} %" if zeile.definition in self.anteile else zahl_text(wert, 0)

    def _sprungsatz(self, z) -> str:
        einheit = "Prozentpunkte" if z.definition in self.anteile else "Prozent"
        grenze = zahl_text(self.indikatoren[z.definition].sprunggrenze)
        return (
            f"{self._worum(z)}: von {self._zahl(z, z.davor)} ({z.am:%d.%m.%Y}) auf {self._zahl(z, z.wert)}, "
            f"das sind {zahl_text(z.sprung)} {einheit}; die Grenze liegt bei {grenze}."
        )

    def _summensatz(self, z) -> str:
        if z.definition not in self.anteile:
            summe = zahl_text(z.wert_q, 0)
            return f"{self._worum(z)}: geliefert {zahl_text(z.wert, 0)}, Summe der Quartiere {summe}."
        if z.zaehler != z.zaehler:
            quote = zahl_text(z.quote)
            return f"{self._worum(z)}: geliefert {zahl_text(z.wert)} %, aus den Quartieren {quote} %."
        return (
            f"{self._worum(z)}: geliefert {zahl_text(z.zaehler, 0)} von {zahl_text(z.nenner, 0)}, "
            f"Summe der Quartiere "
            f"{zahl_text(z.zaehler_q, 0)} von {zahl_text(z.nenner_q, 0)}."
        )

    def _lueckensatz(self, z, klein: pd.DataFrame) -> str:
        da = set(
            klein.loc[(klein["definition"] == z.definition) & (klein["stichtag"] == z.stichtag), "gebiet"]
        )
        fehlen = [self.gebiete[q].name for q in self.quartiere if q not in da]
        liste = ", ".join(fehlen[:10]) + (" …" if len(fehlen) > 10 else "")
        wort = "Quartieren fehlt" if len(fehlen) == 1 else "Quartieren fehlen"
        return (
            f"{self.indikatoren[z.definition].name}, {z.stichtag:%d.%m.%Y}: "
            f"{len(fehlen)} von {len(self.quartiere)} {wort} ({liste})."
        )
