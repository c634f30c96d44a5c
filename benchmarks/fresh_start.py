"""A new user's first minutes, timed: clone, `make run` with an empty model cache until the first answer, and again.

    python benchmarks/fresh_start.py            # about five minutes, downloads about 1.3 GB
    python benchmarks/fresh_start.py --tests    # also `make test` on that clone

Installing and downloading go through the ordinary registries. Prints seconds and the load average.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def timed(
    command: list[str], *, cwd: Path, env: dict[str, str], marker: str | None = None
) -> tuple[float, float | None, int]:
    """Seconds in all, seconds until a line with `marker` came, and the exit code."""
    began = time.monotonic()
    seen: float | None = None
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        sys.stderr.write(line)
        if marker and seen is None and marker in line:
            seen = time.monotonic() - began
    return time.monotonic() - began, seen, process.wait()


def main() -> None:
    """Clone, run, run again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", action="store_true", help="run `make test` too")
    args = parser.parse_args()
    report: dict[str, object] = {"load": [round(x, 1) for x in os.getloadavg()]}
    with tempfile.TemporaryDirectory() as temporary:
        clone = Path(temporary) / "clone"
        env = {**os.environ, "HUAXIANG_CACHE": str(Path(temporary) / "cache"), "HUAXIANG_NO_DESK": "1"}
        env.pop("VIRTUAL_ENV", None)
        began = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        report["clone_seconds"] = round(time.monotonic() - began, 1)
        total, first, code = timed(["make", "run"], cwd=clone, env=env, marker="[1]")
        report["first_run"] = {"until_first_answer": round(first or -1, 1), "in_all": round(total, 1), "exit": code}
        total, first, code = timed(["make", "run"], cwd=clone, env=env, marker="[1]")
        report["second_run"] = {"until_first_answer": round(first or -1, 1), "in_all": round(total, 1), "exit": code}
        if args.tests:
            total, _, code = timed(["make", "install-dev"], cwd=clone, env=env)
            tests, _, code = timed(["make", "test"], cwd=clone, env=env)
            report["tests"] = {"install_seconds": round(total, 1), "seconds": round(tests, 1), "exit": code}
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
