"""Check a lottery: does the seed fit its commitment, and does every draw follow from it?

开奖校验：种子是否与事先公布的 SHA-256 相符，每一次抽奖的结果是否由它算出。

    python3 verify.py draws.json

`draws.json` is what the campaign's page offers for download once it is settled. This program needs
nothing but Python 3.8 and can be read in a minute: it is meant to be.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID


def ticket(seed: bytes, campaign_id: str, nth: int) -> int:
    """Return the number, 0 to 999,999, of draw `nth` (from 1)."""
    message = UUID(campaign_id).bytes + nth.to_bytes(8, "big")
    luck = int.from_bytes(hmac.new(seed, message, hashlib.sha256).digest()[:4], "big")
    return luck * 1_000_000 // 2**32


def prize_of(prizes: list[dict[str, Any]], number: int) -> str:
    """Return the prize whose range holds `number`, "" for none."""
    for prize in prizes:
        if number < prize["odds_ppm"]:
            return str(prize["offer"])
        number -= prize["odds_ppm"]
    return ""


def check(record: dict[str, Any]) -> list[str]:
    """Return everything in `record` that does not follow from its seed and published numbers."""
    seed = bytes.fromhex(record["seed"])
    wrong: list[str] = []
    if hashlib.sha256(seed).hexdigest() != record["commitment"]:
        wrong.append("the seed does not fit the commitment / 种子与公布的 SHA-256 不符")
    published = {prize["offer"]: prize["quantity"] for prize in record["prizes"]}
    at_end = {prize["offer"]: prize["quantity_at_end"] for prize in record["prizes"]}
    given = dict.fromkeys(published, 0)
    for nth, draw in enumerate(record["draws"], 1):
        if draw["n"] != nth:
            wrong.append(f"draw {draw['n']} stands at place {nth} / 编号不连续")
            break
        number = ticket(seed, record["campaign_id"], nth)
        prize = prize_of(record["prizes"], number)
        told = f"draw {nth}: number {number:06d}"
        if draw["prize"] != prize:
            wrong.append(f"{told} is {prize!r}, recorded {draw['prize']!r} / 结果不符")
        elif draw["won"] and not prize:
            wrong.append(f"{told} wins nothing, recorded as won / 未中奖却记为中奖")
        elif draw["won"]:
            given[prize] += 1
            if given[prize] > at_end[prize]:
                wrong.append(f"{told}: more {prize!r} were given than there are / 超发")
        elif prize and given[prize] < published[prize]:
            wrong.append(f"{told}: {prize!r} was said to be all given too early / 未发完却未中奖")
    return wrong


def main(arguments: list[str]) -> int:
    """Check the file named on the command line; return 0 when all is as it should be."""
    if len(arguments) != 1:
        sys.stdout.write(__doc__ or "")
        return 2
    record = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    wrong = check(record)
    for words in wrong[:20]:
        sys.stdout.write(f"✗ {words}\n")
    if not wrong:
        sys.stdout.write(f"✓ {len(record['draws'])} draws follow from the seed / 全部相符\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
