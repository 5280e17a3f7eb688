"""The ways campaigns say no, to merchants and to participants."""

from banyan.kernel.errors import refusal
from banyan.plays import REASONS

NO_SUCH_CAMPAIGN = refusal(
    "campaign_not_found", 404, zh="没有找到这个活动", en="There is no such campaign"
)
NOT_INVITING = refusal(
    "not_inviting",
    409,
    zh="活动现在没有进行，不能邀请",
    en="The campaign is not running now, so nobody can be invited to it",
)
NO_SUCH_TEMPLATE = refusal(
    "template_not_found", 404, zh="没有找到这个模板", en="There is no such template"
)
DEFINITION_INVALID = refusal(
    "definition_invalid",
    422,
    zh="活动还有 {count} 处需要修改",
    en="{count} things need to be put right first",
)
BLOCKED_BY_RULES = refusal(
    "blocked_by_rules",
    422,
    zh="按现行规定，这个活动还不能上线，请先按提示修改",
    en="The rules in force do not allow this campaign yet; the findings say what to change",
)
REVIEW_UNSIGNED = refusal(
    "review_unsigned",
    422,
    zh="这个活动有需要复核的条款（{rules}），要有一位成员署名签字后才能上线或保存改动",
    en="Clauses have to be reviewed ({rules}): a member has to sign before it runs or is saved",
)
REVIEW_OWN = refusal(
    "review_own",
    403,
    zh="签字的人不能自己发布或保存，请另一位有发布权限的成员来做",
    en="Who signed neither publishes nor saves it; somebody else who may publish has to",
)
NOTHING_TO_SIGN = refusal(
    "nothing_to_sign",
    409,
    zh="没有需要签字的条款，可以直接发布或保存",
    en="There is nothing to sign for: go on without",
)
NOTHING_CHANGED = refusal(
    "nothing_changed",
    409,
    zh="和正在执行的内容一样，没有要保存或复核的改动",
    en="This is what runs already: there is no change to save or to review",
)
EDIT_NEEDS_NOBODY = refusal(
    "edit_needs_nobody",
    409,
    zh="这处改动不需要别人签字，直接保存即可",
    en="Nobody has to sign for this edit: just save it",
)
SIGN_ALONE = refusal(
    "sign_alone",
    422,
    zh="本店只有您一人可以签字。请邀请另一位成员，或确认由您一人复核并负责",
    en="Nobody else here may sign. Invite somebody, or confirm that you review it alone",
)
EDIT_NOT_FAVOURABLE = refusal(
    "edit_not_favourable",
    422,
    zh="活动已经公布，有 {count} 处改动会让参与者吃亏，不能保存",
    en="The campaign is announced; {count} changes would take something from participants",
)
STEP_NOT_POSSIBLE = refusal(
    "step_not_possible",
    409,
    zh="活动当前的状态不能这样操作",
    en="The campaign is not in a state that allows this",
)
SHARES_UNCREDITED = refusal(
    "shares_uncredited",
    409,
    zh="还有 {count} 份红包没到账，暂时不能结算。系统会自动重试，到账后再结算；过几分钟仍未到账，"
    "请联系维护系统的人",
    en="Shares of the red packet are not credited yet ({count}), so it cannot be settled. They are "
    "tried again by themselves; settle it then. If it takes long, ask whoever runs the system",
)
PROGRESS_UNREADABLE = refusal(
    "progress_unreadable",
    409,
    zh="有 {count} 个任务存下的进度读不出来（如 {quest}），不能结算，什么都没有动。请把这个编号交给维护"
    "系统的人：banyan verify --recompute 会说出它应有的进度，改正后再结算",
    en="The stored progress of {count} quests cannot be read ({quest} is one), so nothing was settled "
    "or changed. Give that number to whoever runs the system: banyan verify --recompute tells what "
    "it should be; settle again once it is mended",
)
QUEST_UNREADABLE = PROGRESS_UNREADABLE._replace(
    zh="这个任务暂时打不开，什么都没有动；已有的进度、奖励和订单都在。请过一会儿再来，"
    "一直打不开请把这个编号告诉商家：{quest}",
    en="This quest cannot be opened right now, and nothing was changed: progress, rewards and orders "
    "are kept. Please come back later; if it stays so, give the merchant this number: {quest}",
)
"""The same, as whoever asks for that one quest is told."""
ONLY_DRAFTS = refusal("only_drafts", 409, zh="只能删除草稿", en="Only drafts can be deleted")
TOO_LATE_TO_PUBLISH = refusal(
    "period_over",
    422,
    zh="结束时间已过，请先改到将来",
    en="The end lies in the past; move it first",
)
NOTHING_TO_EXPORT = refusal(
    "unknown_export", 422, zh="不支持导出这种内容或格式", en="This cannot be exported that way"
)

UNKNOWN_LINK = refusal("unknown_link", 404, zh="这个链接不存在", en="This link does not exist")
NOT_BEGUN = refusal(
    "campaign_not_begun", 409, zh="活动还没开始", en="The campaign has not begun yet"
)
PAUSED = refusal(
    "campaign_paused",
    409,
    zh="活动暂停中，请稍后再来",
    en="The campaign is paused; come back later",
)
ENDED = refusal("campaign_ended", 410, zh="活动已经结束", en="The campaign is over")
SURFACE_NOT_ALLOWED = refusal(
    "surface_not_allowed",
    403,
    # Never "open it elsewhere": sending people out of a platform for the benefit is itself forbidden.
    zh="这里的平台规则不允许进行这类活动，所以不能参加",
    en="The rules of this platform do not allow this kind of campaign, so you cannot take part here",
)
NOT_A_QUEST_LINK = refusal(
    "not_a_quest_link",
    422,
    zh="这个链接不属于这位朋友的任务",
    en="This link does not belong to that quest",
)
WHO_ARE_YOU = refusal(
    "sign_in_to_take_part", 401, zh="请先用手机号登录", en="Please sign in with your phone first"
)
NO_SUCH_QUEST = refusal("quest_not_found", 404, zh="没有找到这个任务", en="There is no such quest")
SELLS_NOTHING = refusal(
    "quest_sells_nothing", 409, zh="这里没有可购买的商品", en="Nothing is sold here"
)
IN_ANOTHER_TEAM = refusal(
    "in_another_team",
    409,
    zh="您已在另一个进行中的团里，成团或退出后才能再参加",
    en="You are in another team that is still forming; it has to be decided first",
)
SEAT_REFUSALS = {
    reason: refusal(f"seat_{reason}", 409, zh=words.zh, en=words.en)
    for reason, words in REASONS.items()
}
"""Why nobody can buy through a quest now, by the play's own reason."""
START_REFUSALS = {
    reason: refusal(reason, 409, zh=REASONS[reason].zh, en=REASONS[reason].en)
    for reason in ("birthday_unknown", "birthday_not_near")
}
"""Why somebody cannot begin, by the play's own reason."""
SALE_SOLD_OUT = refusal(
    "sale_sold_out", 409, zh="本场已抢完（剩 {left} 件）", en="This sale is over: {left} left"
)
NO_SUCH_ACT = refusal(
    "act_not_found", 404, zh="这个活动没有这一步", en="This campaign has no such step"
)
ONLY_STAFF = refusal(
    "only_staff_confirm",
    403,
    zh="这一步由店员确认，请出示您的到店码",
    en="The staff confirm this step; show them your code",
)
NOT_FOR_STAFF = refusal(
    "not_for_staff",
    403,
    zh="这一步只能由参与者本人完成",
    en="Only the participant can do this step",
)
PROOF_MISSING = refusal(
    "proof_missing", 422, zh="请先填写答案或暗号", en="The answer or the code is missing"
)
NO_SUCH_PASS = refusal(
    "pass_not_found", 404, zh="没有找到这个到店码", en="There is no such code here"
)
NO_PACKET = refusal("no_packet", 404, zh="这里没有红包", en="There is no red packet here")
NO_DRAWS = refusal("no_draws", 404, zh="这个活动没有抽奖", en="Nothing is drawn here")
DRAWS_NOT_SHOWN = refusal(
    "draws_not_shown",
    409,
    zh="活动结算后公布种子和全部抽奖记录",
    en="The seed and all draws are shown when the campaign is settled",
)
