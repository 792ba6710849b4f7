from sozialindex.models.indikatoren import Indikator, Indikatoralias, Indikatordefinition
from sozialindex.models.laeufe import Indexlauf, Laufbemerkung, Laufergebnis, Laufwert
from sozialindex.models.lieferungen import Importprofil, Lieferung, Lieferungsdatei
from sozialindex.models.methodik import Methodik
from sozialindex.models.werte import Wert

__all__ = [
    "Importprofil",
    "Indexlauf",
    "Indikator",
    "Indikatoralias",
    "Indikatordefinition",
    "Laufbemerkung",
    "Laufergebnis",
    "Laufwert",
    "Lieferung",
    "Lieferungsdatei",
    "Methodik",
    "Wert",
]
