"""`python -m infra.local.embedded`: the emulator, for as long as whoever started it lives."""

import os
import signal
import sys
import threading

STDIN = 0


def _stop_when_the_parent_is_gone() -> None:
    # The pipe closes however the parent ends, kill -9 included: nothing is ever left running.
    while os.read(STDIN, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_stop_when_the_parent_is_gone, daemon=True).start()
    sys.argv = ["ministack"]
    from ministack.app import main

    from infra.local.mail_attachments import keep_attachments
    from infra.local.rights_checked import name_what_is_checked

    keep_attachments()
    name_what_is_checked()
    main()
