from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models


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


class Benutzer(AbstractUser):
    """An account. The e-mail address, stored in lower case, is the login."""

    username = None
    email = models.EmailField("E-Mail-Adresse", unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = BenutzerManager()

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        ordering = ["email"]

    def __str__(self):
        return self.get_full_name() or self.email
