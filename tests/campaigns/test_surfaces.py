"""Where a page is open, told from the browser's own words."""

import pytest

from banyan.campaigns.surfaces import SURFACES, is_allowed, surface_of

AGENTS = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1": "own_web",
    "Mozilla/5.0 (iPhone) Mobile/15E148 MicroMessenger/8.0.44 NetType/WIFI": "wechat_h5",
    "Mozilla/5.0 (iPhone) MicroMessenger/8.0.44 miniProgram/wx123": "mini_program",
    "Mozilla/5.0 (Linux; Android 13) wxwork/4.1.10 MicroMessenger/7.0.1": "wecom",
    "Mozilla/5.0 (Linux; Android 13) aweme_280000 JsSdk/1.0": "douyin",
    "": "own_web",
}


@pytest.mark.parametrize(("agent", "surface"), AGENTS.items())
def test_the_surface_of_an_agent(agent: str, surface: str) -> None:
    assert surface_of(agent) == surface
    assert surface in SURFACES


@pytest.mark.parametrize(
    ("surface", "allowed"),
    [
        ("own_web", ["own_web"]),
        ("own_web", ["in_store"]),
        ("wechat_h5", ["official_account"]),
        ("douyin", ["douyin"]),
    ],
)
def test_a_campaign_runs_where_it_was_judged(surface: str, allowed: list[str]) -> None:
    assert is_allowed(surface, allowed)


@pytest.mark.parametrize(
    ("surface", "allowed"),
    [
        ("own_web", ["wechat_h5"]),
        ("wechat_h5", ["in_store"]),
        ("wechat_h5", ["own_web", "app"]),
    ],
)
def test_what_was_judged_for_one_place_does_not_run_in_another(
    surface: str, allowed: list[str]
) -> None:
    assert not is_allowed(surface, allowed)
