"""The ways pathways say no."""

from banyan.kernel.errors import refusal

PATH_RULE_INVALID = refusal(
    "path_rule_invalid",
    422,
    zh="路径要有 2 到 5 条，最后一条给其他所有人，每种人、每个活动只能出现一次",
    en="A path has two to five branches, the last for everybody else; each kind of visitor and "
    "each campaign appears once",
)
PATH_CAMPAIGN_NOT_OPEN = refusal(
    "path_campaign_not_open",
    422,
    zh="「{name}」还没有发布或已经结束，不能放进路径",
    en="“{name}” is not published or over: it cannot be part of a path",
)
PATH_CAMPAIGN_TAKEN = refusal(
    "path_campaign_taken",
    409,
    zh="「{name}」已经在另一条路径里；复制一个活动再用，效果才分得清",
    en="“{name}” belongs to another path; copy the campaign, so that effects stay apart",
)
PATH_PRICES_DIFFER = refusal(
    "path_prices_differ",
    422,
    zh="「{good}」在「{first}」和「{second}」里价格不同：不能按人给同一件商品定不同的价",
    en="“{good}” has different prices in “{first}” and “{second}”: the same good must not be "
    "priced by who somebody is",
)
PATH_NOT_FOUND = refusal("path_not_found", 404, zh="没有找到这条路径", en="There is no such path")
PATH_CHANGED = refusal(
    "path_changed",
    409,
    zh="有人刚改过这条路径，请看过现在的内容再改",
    en="Somebody has just edited this path: look at it as it is now, then edit it",
)
PATH_END_PAST = refusal(
    "path_end_past",
    422,
    zh="结束时间要晚于现在；要马上停用，请关闭入口",
    en="It must end later than now; to stop it at once, close it",
)
PATH_CLOSED = refusal("path_closed", 410, zh="这个入口已经关闭", en="This entry is closed")
