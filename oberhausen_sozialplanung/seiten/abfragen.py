from .models import Systemzustand


def zeigt_demodaten() -> bool:
    """Whether the data of this installation are constructed; one query."""
    return Systemzustand.objects.filter(demodaten=True).exists()
