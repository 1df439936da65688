"""Exit 0 when the address answers 200. The image has Python and no curl."""

import os
import sys
import urllib.request

# The application answers only to its own hosts, so the probe names one.
host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
request = urllib.request.Request(sys.argv[1], headers={"Host": host})  # noqa: S310  (the address of this container)
with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
    sys.exit(0 if answer.status == 200 else 1)
