from .models import Systemzustand


def setze_demodaten(an: bool) -> Systemzustand:
    """Say whether the data of this installation are constructed; every page then carries the notice.

    Parameters
    ----------
    an
        True once demonstration data are loaded.

    Returns
    -------
    Systemzustand
        The only row.
    """
    zustand, _ = Systemzustand.objects.update_or_create(pk=1, defaults={"demodaten": an})
    return zustand
