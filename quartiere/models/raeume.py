import datetime

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Length
from django.urls import reverse

from quartiere.nummern import ERLAUBT, MUSTER, VERGEBEN, ist_stadtnummer

# Stands for "no end" where the database compares end dates.
ENDLOS = datetime.date(9999, 12, 31)
nummernpruefung = RegexValidator(MUSTER, ERLAUBT)


class GebietsstandQuerySet(models.QuerySet):
    def aktuell(self):
        """The one area layout without an end date."""
        return self.filter(gueltig_bis=None)


class Gebietsstand(models.Model):
    """A layout of areas with its period. Figures of different layouts are never subtracted."""

    name = models.CharField("Name", max_length=60, unique=True)
    gueltig_von = models.DateField("gültig von")
    gueltig_bis = models.DateField("gültig bis", null=True, blank=True)

    objects = GebietsstandQuerySet.as_manager()

    class Meta:
        verbose_name = "Gebietsstand"
        verbose_name_plural = "Gebietsstände"
        ordering = ["-gueltig_von"]
        constraints = [
            models.CheckConstraint(
                name="gebietsstand_zeitraum",
                condition=Q(gueltig_bis=None) | Q(gueltig_bis__gt=F("gueltig_von")),
                violation_error_message="Das Ende des Gebietsstands muss nach seinem Beginn liegen.",
            ),
            models.UniqueConstraint(
                Coalesce("gueltig_bis", models.Value(ENDLOS)),
                condition=Q(gueltig_bis=None),
                name="gebietsstand_ein_aktueller",
                violation_error_message="Es gibt schon einen aktuellen Gebietsstand.",
            ),
        ]

    def __str__(self):
        return self.name


class Ebene(models.TextChoices):
    STADT = "stadt", "Stadt"
    SOZIALRAUM = "sozialraum", "Sozialraum"
    QUARTIER = "quartier", "Sozialquartier"


class GebietQuerySet(models.QuerySet):
    def aktuell(self):
        """Areas of the current layout."""
        return self.filter(gebietsstand__gueltig_bis=None)

    def quartiere(self):
        return self.filter(ebene=Ebene.QUARTIER)

    def sozialraeume(self):
        return self.filter(ebene=Ebene.SOZIALRAUM)

    def stadt(self):
        return self.filter(ebene=Ebene.STADT)

    def nach_nummer(self):
        """In the order of the numbers: 9 before 10, 0101 before 0102; the same on every database."""
        return self.order_by(Length("nummer"), "nummer")


class Gebiet(models.Model):
    """City, Sozialraum or Sozialquartier of one layout; figures point here whatever their level."""

    gebietsstand = models.ForeignKey(
        Gebietsstand, on_delete=models.PROTECT, related_name="gebiete", verbose_name="Gebietsstand"
    )
    ebene = models.CharField("Ebene", max_length=10, choices=Ebene)
    nummer = models.CharField("Nummer", max_length=20, validators=[nummernpruefung])
    name = models.CharField("Name", max_length=120)
    slug = models.SlugField("Adresse", max_length=150)
    uebergeordnet = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="teile",
        verbose_name="gehört zu",
    )
    einwohner = models.PositiveIntegerField("Einwohner*innen", null=True, blank=True)
    besonderheiten = models.TextField("Städtebauliche Besonderheiten", blank=True)
    staerken = models.TextField("Stärken", blank=True, help_text="Eine Stärke je Zeile.")
    kachel_x = models.PositiveSmallIntegerField("Kachel: Spalte", null=True, blank=True)
    kachel_y = models.PositiveSmallIntegerField("Kachel: Zeile", null=True, blank=True)
    geometrie = models.JSONField("Geometrie (GeoJSON)", null=True, blank=True)

    objects = GebietQuerySet.as_manager()

    class Meta:
        verbose_name = "Gebiet"
        verbose_name_plural = "Gebiete"
        ordering = ["gebietsstand", "ebene", "nummer"]
        constraints = [
            models.UniqueConstraint(
                fields=["gebietsstand", "ebene", "nummer"],
                name="gebiet_nummer_eindeutig",
                violation_error_message="Diese Nummer gibt es auf dieser Ebene schon.",
            ),
            models.UniqueConstraint(
                fields=["gebietsstand", "ebene", "slug"],
                name="gebiet_slug_eindeutig",
                violation_error_message="Diese Adresse gibt es auf dieser Ebene schon.",
            ),
            models.UniqueConstraint(
                fields=["gebietsstand", "ebene", "kachel_x", "kachel_y"],
                name="gebiet_kachel_eindeutig",
                violation_error_message="Auf dieser Kachel liegt schon ein anderes Gebiet.",
            ),
            models.CheckConstraint(
                name="gebiet_kachel_vollstaendig",
                condition=Q(kachel_x=None, kachel_y=None) | Q(kachel_x__isnull=False, kachel_y__isnull=False),
                violation_error_message="Eine Kachel braucht Spalte und Zeile, oder beide bleiben leer.",
            ),
            models.CheckConstraint(
                name="gebiet_uebergeordnet_passt",
                condition=Q(ebene=Ebene.STADT, uebergeordnet=None)
                | (~Q(ebene=Ebene.STADT) & Q(uebergeordnet__isnull=False)),
                violation_error_message="Quartiere gehören zu einem Sozialraum, Sozialräume zur Stadt, "
                "die Stadt zu nichts.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        if self.ebene == Ebene.QUARTIER:
            return reverse("quartiere:quartier", kwargs={"slug": self.slug})
        if self.ebene == Ebene.SOZIALRAUM:
            return reverse("quartiere:sozialraum", kwargs={"slug": self.slug})
        return reverse("quartiere:liste")

    def clean(self):
        if self.ebene != Ebene.STADT and ist_stadtnummer(self.nummer):
            raise ValidationError({"nummer": VERGEBEN})

    @property
    def staerkenliste(self):
        """Strengths, one per line of the text."""
        return [zeile.strip() for zeile in self.staerken.splitlines() if zeile.strip()]


class EbeneManager(models.Manager.from_queryset(GebietQuerySet)):
    """Rows of one level only, for the proxy models below."""

    def __init__(self, ebene):
        super().__init__()
        self.ebene = ebene

    def get_queryset(self):
        return super().get_queryset().filter(ebene=self.ebene)


class Stadt(Gebiet):
    objects = EbeneManager(Ebene.STADT)

    class Meta:
        proxy = True
        verbose_name = "Stadt"
        verbose_name_plural = "Stadt"


class Sozialraum(Gebiet):
    objects = EbeneManager(Ebene.SOZIALRAUM)

    class Meta:
        proxy = True
        verbose_name = "Sozialraum"
        verbose_name_plural = "Sozialräume"


class Sozialquartier(Gebiet):
    objects = EbeneManager(Ebene.QUARTIER)

    class Meta:
        proxy = True
        verbose_name = "Sozialquartier"
        verbose_name_plural = "Sozialquartiere"


class Gebietsalias(models.Model):
    """Another spelling under which deliveries name an area."""

    gebiet = models.ForeignKey(Gebiet, on_delete=models.CASCADE, related_name="aliase", verbose_name="Gebiet")
    name = models.CharField("Name", max_length=120)

    class Meta:
        verbose_name = "anderer Name"
        verbose_name_plural = "andere Namen"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["gebiet", "name"],
                name="gebietsalias_eindeutig",
                violation_error_message="Diesen Namen hat das Gebiet schon.",
            )
        ]

    def __str__(self):
        return self.name
