"""``onrecord`` and ``python -m bot``."""

import gc
import io
import os
import sys


def main() -> None:
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  None when closed by the caller
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Articles and questions hold what this terminal's encoding may not.
            stream.reconfigure(errors="backslashreplace")
    sys.argv[0] = "onrecord"  # also where it was started by "python -m": locks tell who holds them
    gc.set_threshold(50_000)  # what is imported is no garbage: a tenth of a first answer went on looking
    try:
        from bot.cli.main import app  # noqa: PLC0415  inside, so that Ctrl-C while loading ends quietly too

        app(prog_name="onrecord")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.freeze()  # what is left ends with the process: to look through it took a tenth of a first answer


if __name__ == "__main__":
    main()
