"""``onrecord`` with every logger of every library at DEBUG, which no setting does: what is written then must hold no secret.

python -m benchmarks.bot_hour.loud bot --corpus DIR
"""

import logging
import threading
import time

from bot.__main__ import main


def _loud() -> None:
    """Again and again: libraries make loggers as they are loaded, and the bot makes them quiet."""
    while True:
        for name in ("", *list(logging.root.manager.loggerDict)):
            logging.getLogger(name or None).setLevel(logging.DEBUG)
        time.sleep(0.5)


if __name__ == "__main__":
    threading.Thread(target=_loud, daemon=True).start()
    main()
