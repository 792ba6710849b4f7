"""Who may do what with areas; one right per line."""

import rules

from oberhausen_sozialplanung.konten.rechte import ist_administration, ist_sozialplanung

rules.add_perm("quartiere.gebiet_bearbeiten", ist_sozialplanung | ist_administration)
