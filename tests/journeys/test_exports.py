"""Exports over HTTP: complete, masked, safe in a spreadsheet, and written down."""

import csv
import io
import zipfile
from datetime import UTC, datetime

from tests.journeys.plans import referral
from tests.journeys.site import Shop


def rows_of(shop: Shop, campaign: str, what: str) -> list[list[str]]:
    answer = shop.ask("GET", f"/campaigns/{campaign}/export?what={what}&format=csv")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert f'filename="{what}-{campaign}.csv"' in answer.headers["content-disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_what_is_exported_is_whole_masked_and_audited(shop: Shop) -> None:
    campaign = shop.announce(referral(datetime.now(UTC)))
    link = shop.link_of(campaign)
    host = shop.guest("+8613912345678", "=HYPERLINK(1)")
    friend = shop.guest("+8613987654321", "司马望舒")
    quest = host.start(link)
    friend.support(quest)
    host.support(quest)

    participants = rows_of(shop, campaign, "participants")
    assert len(participants) == 3
    by_phone = {row[2]: row for row in participants[1:]}
    assert set(by_phone) == {"139****5678", "139****4321"}
    # A name that would run as a formula is text, and what is masked stays masked.
    assert by_phone["139****5678"][1] == "'=**"
    assert by_phone["139****4321"][1] == "司**"
    assert by_phone["139****5678"][3:5] == ["0", "1"]
    assert by_phone["139****4321"][3:5] == ["1", "0"]

    grants = rows_of(shop, campaign, "grants")
    assert sorted(float(row[6]) for row in grants[1:]) == [3.0, 5.0]
    supports = rows_of(shop, campaign, "supports")
    assert sorted((row[4], row[5]) for row in supports[1:]) == [("否", "own_quest"), ("是", "")]
    everything = str(participants + grants + supports)
    assert not any(secret in everything for secret in ("望舒", "12345678", "87654321"))

    book = shop.ask("GET", f"/campaigns/{campaign}/export?what=participants&format=xlsx")
    with zipfile.ZipFile(io.BytesIO(book.content)) as opened:
        sheet = opened.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 3
    assert "<f>" not in sheet

    audited = [row for row in shop.must("GET", "/audit")["items"] if "export" in row["action"]]
    assert [row["detail"]["what"] for row in reversed(audited)] == [
        "participants",
        "grants",
        "supports",
        "participants",
    ]


def test_a_page_is_data_never_markup(shop: Shop) -> None:
    evil = "</script><script>alert(1)</script><!--"
    plan = referral(datetime.now(UTC))
    plan["page"]["title"] = {"zh": f"咖{evil}"[:60], "en": ""}
    made = shop.ask("POST", "/campaigns", {"definition": plan})
    if made.status_code == 422:
        # Text like this may be refused outright; then there is nothing to show.
        assert made.json()["code"] == "definition_invalid"
        return
    published = shop.ask("POST", f"/campaigns/{made.json()['id']}/publication")
    if published.status_code == 422:
        assert published.json()["code"] in {"definition_invalid", "blocked_by_rules"}
        return
    page = shop.guest("+8613800000001").ask("GET", f"/h5/l/{shop.link_of(made.json()['id'])}")
    assert "<script>alert" not in page.text
    assert page.text.count("</script>") == page.text.count("<script")


def test_a_persons_name_cannot_leave_the_pages_state(shop: Shop) -> None:
    link = shop.link_of(shop.announce(referral(datetime.now(UTC))))
    host = shop.guest("+8613800000001", "</script><b>")
    quest = host.start(link)
    page = shop.guest("+8613800000002").ask("GET", f"/h5/l/{quest['share_code']}")
    assert page.status_code == 200
    assert "\\u003c**" in page.text
    assert "<**" not in page.text
