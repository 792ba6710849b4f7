import logging


class OhneAufrufliste(logging.Filter):
    """Drop the traceback of a refused request: a 403 or 404 is no fault of the program."""

    def filter(self, record):
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True
