"""What a helper of `ledger.workers` runs: reads chunks of customers from its pipe and answers with plans. Writes nothing."""

from __future__ import annotations

import gc
import os
import pickle
import sys

from huaxiang.ledger import build
from huaxiang.store.shop import Shop


def main() -> int:
    """Plan chunks until the pipe ends."""
    # whatever prints must not stand between the answers
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    gc.disable()  # as `build` does for each chunk
    asked = sys.stdin.buffer
    folder, loaded, today, recorded = pickle.load(asked)
    shop = Shop.as_loaded(folder, loaded, today=today)
    while True:
        try:
            chunk = pickle.load(asked)
        except EOFError:
            shop.close()
            return 0
        with shop.engine.connect() as connection:
            plan, _ = build.plan_chunk(shop, connection, chunk, recorded)
        pickle.dump(plan, answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    raise SystemExit(main())
