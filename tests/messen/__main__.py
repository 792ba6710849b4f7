"""All measurements, each in a fresh process so that none profits from another's memory: `make messen`."""

import subprocess
import sys

MESSUNGEN = ("motor", "einfuhr")

for messung in MESSUNGEN:
    print(f"== {messung}", flush=True)
    subprocess.run([sys.executable, "-m", f"tests.messen.{messung}"], check=True)
