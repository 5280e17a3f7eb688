"""What is always true of campaigns that run: judged, said as executed, and only while they run.

A command's moment is when it began: one that waited for another may seem a little earlier than
what it waited for. So moments are compared with a minute's grace.
"""

from typing import Final

from banyan.kernel.invariants import Invariant

_COUNTED: Final = """
select workspace_id, campaign_id, id, supported_at as at from supports where counted
union all
select workspace_id, campaign_id, id, acted_at from quest_acts
"""

RUNNING_INVARIANTS: Final = (
    Invariant(
        "I-G3b",
        "What counted happened after its campaign went live and before it ended",
        f"""
        select s.workspace_id, s.campaign_id, s.id, s.at, c.live_at, c.ended_at
        from ({_COUNTED}) s
        join campaigns c on c.workspace_id = s.workspace_id and c.id = s.campaign_id
        where c.live_at is null or s.at < c.live_at - interval '1 minute'
           or s.at > c.ended_at + interval '1 minute'
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-G11",
        "Nothing counts while a campaign is paused",
        f"""
        select s.workspace_id, s.campaign_id, s.id, s.at, c.paused_at from ({_COUNTED}) s
        join campaigns c on c.workspace_id = s.workspace_id and c.id = s.campaign_id
        where c.state = 'paused' and s.at > c.paused_at + interval '1 minute'
        """,  # noqa: S608 - a constant of this module
    ),
    Invariant(
        "I-K3",
        "What people play was judged before, by a named set of rules, and was not blocked",
        """
        select c.workspace_id, c.id, c.state, v.version, v.verdict ->> 'severity' as severity
        from campaigns c
        left join campaign_versions v on v.workspace_id = c.workspace_id
          and v.campaign_id = c.id and v.version = c.live_version
        where c.state <> 'draft' and (v.version is null or v.ruleset_version = ''
          or coalesce(v.verdict ->> 'severity', 'block') = 'block')
        """,
    ),
    Invariant(
        "I-K4",
        "The rules that were shown are those whose hash was kept, in both languages",
        """
        select v.workspace_id, v.campaign_id, v.version from campaign_versions v
        cross join lateral (
          select '{"en":[' || coalesce(string_agg(to_json(e.line)::text, ',' order by e.nth), '')
                 || ']' as told
          from jsonb_array_elements_text(v.rules -> 'en') with ordinality e (line, nth)) en
        cross join lateral (
          select ',"zh":[' || coalesce(string_agg(to_json(z.line)::text, ',' order by z.nth), '')
                 || ']}' as told
          from jsonb_array_elements_text(v.rules -> 'zh') with ordinality z (line, nth)) zh
        where v.rules_hash <> encode(sha256(convert_to(en.told || zh.told, 'UTF8')), 'hex')
        """,
    ),
)
