from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property


class BenutzerManager(UserManager):
    """Creates accounts whose login is the e-mail address."""

    def _create_user_object(self, email, password, **extra_fields):
        benutzer = self.model(email=self.normalize_email(email).lower(), **extra_fields)
        benutzer.set_password(password)
        return benutzer

    def create_user(self, email, password=None, **extra_fields):
        benutzer = self._create_user_object(email, password, **extra_fields)
        benutzer.save(using=self._db)
        return benutzer

    def create_superuser(self, email, password=None, **extra_fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra_fields)

    def get_by_natural_key(self, username):
        return self.get(email=username.lower())


class Benutzer(AbstractUser):
    """An account. The e-mail address, stored in lower case, is the login."""

    username = None
    email = models.EmailField(
        "E-Mail-Adresse",
        unique=True,
        error_messages={"unique": "Mit dieser E-Mail-Adresse gibt es schon ein Konto."},
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = BenutzerManager()

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="konten_email_klein",
                violation_error_message="Die E-Mail-Adresse muss in Kleinbuchstaben gespeichert werden.",
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    def clean(self):
        super().clean()
        self.email = self.email.lower()

    @cached_property
    def rollen(self) -> frozenset[str]:
        """Names of the groups; one query when first asked, then remembered by this object."""
        return frozenset(self.groups.values_list("name", flat=True))
