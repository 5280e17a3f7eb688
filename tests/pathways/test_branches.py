"""Other branches for a path that runs: for whoever comes from then on, and undone as they were."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import msgspec
import psycopg
import pytest

from banyan import campaigns
from banyan.campaigns import StartRequest
from banyan.kernel.ids import new_id
from banyan.outreach.seeds import pick
from banyan.pathways import PathState
from banyan.pathways.editing import PathwayTerms, as_edited
from banyan.pathways.judging import findings
from banyan.pathways.views import PathwayView, pathway_view
from tests.campaigns.selling import Market
from tests.pathways.paths import edit, flash, led, lines, made, make, open_for, put, terms
from tests.stage import ASSIST, REFERRAL, Stage
from tests.whole import assert_whole


def view(stage: Stage, pathway: UUID) -> PathwayView:
    with stage.work() as work:
        return pathway_view(work, pathway)


def begin(stage: Stage, campaign: UUID, person: UUID, channel: str = "path") -> None:
    with stage.work() as work:
        campaigns.start_quest(work, StartRequest(campaign, person, channel))


def lead_to(stage: Stage, pathway: UUID, *branches: tuple[str, UUID]) -> str | None:
    return edit(stage, pathway, branches=lines(*branches))


def test_whoever_comes_after_an_edit_is_led_by_it(market: Market) -> None:
    friends, welcome, other = market.campaign(), market.campaign(ASSIST), market.campaign()
    pathway = made(market, ("bought", friends), ("everybody", welcome))
    url = view(market, pathway).url
    assert lead_to(market, pathway, ("seed", friends), ("everybody", other)) is None
    seed, anybody = market.people(2)
    with market.work() as work:
        pick(work, [seed])
    assert [led(market, pathway, one) for one in (seed, anybody, None)] == [friends, other, other]
    now = view(market, pathway)
    assert now.url == url, "what was sent out leads on"
    assert [branch.campaign_id for branch in now.branches] == [friends, other]
    assert [branch.campaign_id for branch in now.earlier] == [welcome]
    assert_whole()


def test_who_began_by_it_is_led_as_they_were(market: Market) -> None:
    friends, welcome, other = market.campaign(), market.campaign(ASSIST), market.campaign()
    pathway = made(market, ("bought", friends), ("everybody", welcome))
    began, elsewhere, fresh = market.people(3)
    begin(market, welcome, began)
    begin(market, welcome, elsewhere, "web")
    market.now += timedelta(minutes=1)
    assert lead_to(market, pathway, ("bought", friends), ("everybody", other)) is None
    assert [led(market, pathway, one) for one in (began, elsewhere, fresh)] == [
        welcome,
        other,
        other,
    ]
    # The rule that stands on their page is the one that leads them, and it leads them on.
    state = open_for(market, pathway, began)
    assert isinstance(state, PathState)
    assert (len(state.ways), state.is_as_begun) == (2, True)
    state = open_for(market, pathway, fresh)
    assert isinstance(state, PathState)
    assert not state.is_as_begun
    market.paid(began, (market.tea, 1))
    assert led(market, pathway, began) == friends
    # What is over keeps nobody.
    with market.work() as work:
        campaigns.end_campaign(work, welcome)
        campaigns.pause_campaign(work, friends, "a rest")
    assert led(market, pathway, began) == other
    assert_whole()


def test_an_edit_of_branches_is_undone_by_itself_turned_round(market: Market) -> None:
    friends, welcome, other = market.campaign(), market.campaign(ASSIST), market.campaign()
    pathway = made(market, ("bought", friends), ("everybody", welcome))
    before = terms(market, pathway)
    wanted = msgspec.structs.replace(
        before, name="夏", branches=lines(("bought", other), ("everybody", welcome))
    )
    assert put(market, pathway, wanted, before) is None
    assert put(market, pathway, wanted, before) is None, "a repeat"
    # Also when what was taken out has ended meanwhile: it is passed over until it runs.
    with market.work() as work:
        campaigns.end_campaign(work, friends)
    assert put(market, pathway, before, wanted) is None
    assert terms(market, pathway) == before
    assert [branch.campaign_id for branch in view(market, pathway).earlier] == [other]
    versions = "select array_agg(distinct version) from pathway_lines where pathway_id = %s"
    assert market.one(versions, pathway) == [1, 2, 3]
    assert view(market, pathway).version == 3, "shown as the newest"
    assert edit(market, pathway, name="秋") is None
    assert view(market, pathway).version == 3, "a name is none of the rule's"
    links = "select count(*) from links where campaign_id = any(%s) and channel = 'path'"
    assert market.one(links, [friends, welcome, other]) == 3, "a campaign keeps its link"


def test_branches_of_an_edit_are_judged(market: Market) -> None:
    one, two, closed, taken = (market.campaign() for _ in range(4))
    pathway = made(market, ("bought", one), ("everybody", two))
    made(market, ("bought", taken), ("everybody", market.campaign()))
    with market.work() as work:
        campaigns.end_campaign(work, closed)
    before = terms(market, pathway)
    assert lead_to(market, pathway, ("everybody", one)) == "path_rule_invalid"
    assert lead_to(market, pathway, ("bought", one), ("seed", two)) == "path_rule_invalid"
    gone = lead_to(market, pathway, ("bought", closed), ("everybody", two))
    assert gone == "path_campaign_not_open"
    stolen = lead_to(market, pathway, ("bought", taken), ("everybody", two))
    assert stolen == "path_campaign_taken"
    unknown = lead_to(market, pathway, ("bought", new_id()), ("everybody", two))
    assert unknown == "campaign_not_found"
    foreign = lead_to(market, pathway, ("bought", Stage().campaign()), ("everybody", two))
    assert foreign == "campaign_not_found"
    assert terms(market, pathway) == before
    assert market.one("select max(version) from pathway_lines where pathway_id = %s", pathway) == 1


def test_what_was_taken_out_still_counts_for_the_price_while_it_runs(market: Market) -> None:
    one, other, dear = flash(market, 5000), flash(market, 5000), flash(market, 6000)
    plain = market.campaign(REFERRAL)
    pathway = made(market, ("bought", one), ("everybody", other))
    assert lead_to(market, pathway, ("bought", one), ("everybody", dear)) == "path_prices_differ"
    # Nor with both taken out: who began there is still led there.
    asked = ("bought", plain), ("everybody", dear)
    with market.work() as work:
        (finding, *_) = findings(as_edited(work, pathway, lines(*asked)))
    assert finding.rule_id == "LAW-41"
    assert lead_to(market, pathway, *asked) == "path_prices_differ"
    with market.work() as work:
        campaigns.end_campaign(work, one)
        campaigns.end_campaign(work, other)
    assert lead_to(market, pathway, *asked) is None
    assert led(market, pathway) == dear
    assert view(market, pathway).findings == []


def test_a_campaign_taken_out_belongs_to_no_other_path(market: Market) -> None:
    one, two, three = (market.campaign() for _ in range(3))
    pathway = made(market, ("bought", one), ("everybody", two))
    assert lead_to(market, pathway, ("bought", one), ("everybody", three)) is None
    another = make(market, ("bought", two), ("everybody", market.campaign()))
    assert another == "path_campaign_taken"
    assert lead_to(market, pathway, ("bought", two), ("everybody", three)) is None


def test_of_many_edits_at_once_one_holds(market: Market) -> None:
    one, two = market.campaign(), market.campaign()
    pathway = made(market, ("bought", one), ("everybody", two))
    was = terms(market, pathway)
    rivals = [
        msgspec.structs.replace(
            was, branches=lines(("bought", market.campaign()), ("everybody", two))
        )
        for _ in range(4)
    ]

    def tell(wanted: PathwayTerms) -> str | None:
        return put(market, pathway, wanted, was)

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(tell, rivals))
    assert sorted(told, key=str) == [None, "path_changed", "path_changed", "path_changed"]
    assert terms(market, pathway) == rivals[told.index(None)]


def test_lines_are_never_changed(market: Market) -> None:
    pathway = made(market, ("bought", market.campaign()), ("everybody", market.campaign()))
    for change in ("update pathway_lines set segment = 'seed'", "delete from pathway_lines"):
        with market.work() as work, pytest.raises(psycopg.errors.InsufficientPrivilege):
            work.driver.execute(f"{change} where pathway_id = %s".encode(), (pathway,))
