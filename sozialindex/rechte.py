"""Who may do what with the index; one right per line."""

import rules

from oberhausen_sozialplanung.konten.rechte import ist_fachbereich, ist_leitung, ist_sozialplanung


@rules.predicate
def ist_ersteller(benutzer, lauf=None):
    return lauf is not None and lauf.erstellt_von_id == benutzer.pk


rules.add_perm("sozialindex.entwurf_lesen", ist_sozialplanung | ist_leitung | ist_fachbereich)
rules.add_perm("sozialindex.werte_intern", ist_sozialplanung)
rules.add_perm("sozialindex.lauf_berechnen", ist_sozialplanung)
rules.add_perm("sozialindex.lauf_pruefen", ist_sozialplanung)
rules.add_perm("sozialindex.lauf_zurueckgeben", ist_sozialplanung | ist_leitung)
rules.add_perm("sozialindex.lauf_verwerfen", ist_sozialplanung)
rules.add_perm("sozialindex.lauf_bemerken", ist_sozialplanung | ist_leitung | ist_fachbereich)
rules.add_perm("sozialindex.lauf_veroeffentlichen", ist_leitung & ~ist_ersteller)
rules.add_perm("sozialindex.lieferung_bearbeiten", ist_sozialplanung)
rules.add_perm("sozialindex.methodik_bearbeiten", ist_sozialplanung)
rules.add_perm("sozialindex.indikator_bearbeiten", ist_sozialplanung)
