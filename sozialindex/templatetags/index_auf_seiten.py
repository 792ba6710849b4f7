"""Pieces of the index for pages of other apps: a quarter's classes and figures, the colours of a map."""

import rules
from django import template

from sozialindex.abfragen import laeufe as abfragen

register = template.Library()


def _darf_intern(context):
    # Asked of the rules alone: the other backends know nothing of this right and would cost two queries.
    return rules.has_perm("sozialindex.werte_intern", context.get("user"))


@register.inclusion_tag("sozialindex/_index_quartier.html", takes_context=True)
def index_uebersicht_quartier(context, quartier):
    """Classes of a quarter in every published run."""
    zeilen = abfragen.klassen_des_quartiers(quartier, intern=_darf_intern(context))
    return {"quartier": quartier, "zeilen": zeilen}


@register.inclusion_tag("sozialindex/_werte_quartier.html", takes_context=True)
def werte_des_quartiers(context, quartier):
    """Newest figure of each Kernindikator beside Sozialraum and city."""
    intern = _darf_intern(context)
    zeilen = abfragen.kernwerte(quartier, intern=intern)
    quellen = dict.fromkeys(zeile.definition.quelle for zeile in zeilen if zeile.definition.quelle)
    return {"quartier": quartier, "zeilen": zeilen, "quellen": list(quellen), "intern": intern}


@register.inclusion_tag("sozialindex/_index_sozialraum.html", takes_context=True)
def index_des_sozialraums(context, sozialraum):
    """The quarters of a Sozialraum with their classes in the newest published run."""
    lauf = abfragen.neuester_lauf()
    intern = _darf_intern(context)
    return {"lauf": lauf, "zeilen": abfragen.klassen_im_sozialraum(sozialraum, lauf, intern=intern)}


@register.simple_tag
def index_einfaerbung(lauf=None):
    """Colours of a map: those of the run given, else of the newest published one; None without a run."""
    return abfragen.einfaerbung(lauf)
