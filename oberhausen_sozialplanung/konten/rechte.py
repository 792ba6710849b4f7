"""Who somebody is, as predicates for `rules`. Apps combine them into their own rights, one per line.

A superuser holds no role by being one. `user.has_perm` lets a superuser pass all the same, so a rule of four
eyes belongs into the service that changes the data, never into a permission alone.
"""

import rules

from .rollen import VERWALTUNGSINTERN, Rolle


def hat_rolle(*rollen: Rolle) -> rules.Predicate:
    """Make a predicate that is true for an active account holding at least one of the roles.

    Parameters
    ----------
    rollen
        One or more roles.

    Returns
    -------
    rules.Predicate
        Takes an account or the anonymous visitor. The groups are read once per account object.
    """
    verlangt = frozenset(rollen)
    name = "hat_rolle:" + "+".join(sorted(rolle.schluessel for rolle in verlangt))
    return rules.predicate(name=name)(lambda benutzer: bool(verlangt & _rollen(benutzer)))


def _rollen(benutzer) -> frozenset[str]:
    if benutzer is None or not benutzer.is_authenticated or not benutzer.is_active:
        return frozenset()
    return benutzer.rollen


ist_traeger = hat_rolle(Rolle.TRAEGER)
ist_fachbereich = hat_rolle(Rolle.FACHBEREICH)
ist_moderation = hat_rolle(Rolle.MODERATION)
ist_prozessberatung = hat_rolle(Rolle.PROZESSBERATUNG)
ist_sozialplanung = hat_rolle(Rolle.SOZIALPLANUNG)
ist_leitung = hat_rolle(Rolle.LEITUNG)
ist_administration = hat_rolle(Rolle.ADMINISTRATION)
ist_verwaltungsintern = hat_rolle(*VERWALTUNGSINTERN)
