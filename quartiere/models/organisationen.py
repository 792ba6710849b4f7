from django.conf import settings
from django.db import models


class OrganisationManager(models.Manager):
    def get_by_natural_key(self, name):
        return self.get(name=name)


class Organisation(models.Model):
    """A department of the administration or a Träger; kept once, used by accounts and later by offers."""

    class Art(models.TextChoices):
        FACHBEREICH = "fachbereich", "Fachbereich der Verwaltung"
        TRAEGER = "traeger", "Freier Träger"
        VERBAND = "verband", "Verband"
        VEREIN = "verein", "Verein"
        INITIATIVE = "initiative", "Initiative"
        KIRCHE = "kirche", "Kirche oder Religionsgemeinschaft"
        BILDUNG = "bildung", "Schule oder Kita"
        POLIZEI = "polizei", "Polizei"
        ANDERE = "andere", "Andere"

    name = models.CharField("Name", max_length=150, unique=True)
    art = models.CharField("Art", max_length=20, choices=Art)
    stadtweit = models.BooleanField("arbeitet stadtweit", default=False)

    objects = OrganisationManager()

    class Meta:
        verbose_name = "Organisation"
        verbose_name_plural = "Organisationen"
        ordering = ["name"]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.name,)


class Mitgliedschaft(models.Model):
    """Ties an account to the organisation it acts for."""

    benutzer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="mitgliedschaften",
        verbose_name="Konto",
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="mitgliedschaften", verbose_name="Organisation"
    )
    funktion = models.CharField("Funktion", max_length=100, blank=True)

    class Meta:
        verbose_name = "Mitgliedschaft"
        verbose_name_plural = "Mitgliedschaften"
        ordering = ["organisation", "benutzer"]
        constraints = [
            models.UniqueConstraint(
                fields=["benutzer", "organisation"],
                name="mitgliedschaft_eindeutig",
                violation_error_message="Dieses Konto gehört der Organisation schon an.",
            )
        ]

    def __str__(self):
        return f"{self.benutzer} – {self.organisation}"
