"""The ways rewards say no."""

from banyan.kernel.errors import refusal

BUDGET_SPENT = refusal(
    "budget_spent", 409, zh="活动奖励预算已用完", en="The campaign's reward budget is used up"
)
DAY_BUDGET_SPENT = refusal(
    "day_budget_spent",
    409,
    zh="今天的奖励已发完，明天再来",
    en="Today's rewards are all given; come back tomorrow",
)
OFFER_EXHAUSTED = refusal(
    "offer_exhausted", 409, zh="奖品已发完", en="This reward has all been given away"
)
PERSON_CAP_REACHED = refusal(
    "person_cap_reached",
    409,
    zh="您领取该奖品已达上限",
    en="You have received this reward as often as one person may",
)
BUDGET_BELOW_SPENT = refusal(
    "budget_below_spent",
    409,
    zh="预算不能低于已发放的金额（{spent_minor} 分）",
    en="The budget cannot be less than what is already spent ({spent_minor} minor units)",
)
QUANTITY_BELOW_GIVEN = refusal(
    "quantity_below_given",
    409,
    zh="奖品「{key}」的数量不能低于已发放的数量（{given}）",
    en="There cannot be fewer of “{key}” than are already given ({given})",
)
OFFER_CHANGED = refusal(
    "offer_changed",
    409,
    zh="奖品「{key}」已发布，内容不能再改，只能增加数量",
    en="“{key}” is published: only its quantity may grow",
)
NO_SUCH_COUPON = refusal(
    "coupon_not_found", 404, zh="没有这张优惠券", en="There is no such coupon of yours"
)
COUPON_IN_USE = refusal(
    "coupon_in_use", 409, zh="这张优惠券已用于另一个订单", en="Another order has this coupon"
)
COUPON_EXPIRED = refusal("coupon_expired", 409, zh="这张优惠券已过期", en="This coupon has expired")
COUPONS_DO_NOT_STACK = refusal(
    "coupons_do_not_stack",
    409,
    zh="这些优惠券不能一起用",
    en="These coupons cannot be used together",
)
PACKET_ABOVE_BUDGET = refusal(
    "packet_above_budget",
    409,
    zh="红包总额（{total_minor} 分）超过了活动预算",
    en="The packet ({total_minor} minor units) is more than the campaign's budget",
)
PAYOUT_METHOD_OFF = refusal(
    "payout_method_off",
    409,
    zh="商家未开通这种提现方式",
    en="The merchant does not pay out that way",
)
PAYOUT_TOO_SMALL = refusal(
    "payout_too_small",
    409,
    zh="低于最低提现金额（{least_minor} 分）",
    en="This is less than may be paid out ({least_minor} minor units)",
)
CASH_SHORT = refusal("cash_short", 409, zh="可提现余额不足", en="There is not that much to pay out")
PAYOUT_DAY_FULL = refusal(
    "payout_day_full",
    409,
    zh="已达到今日提现上限，请明天再试",
    en="Today's limit of payouts is reached; try again tomorrow",
)
PAYOUT_DAY_OFTEN = refusal(
    "payout_day_often",
    409,
    zh="每人每天最多提现 {most} 笔，请明天再试",
    en="One person may ask {most} times a day; try again tomorrow",
)
PAYOUT_SCENE_MISSING = refusal(
    "payout_scene_missing",
    409,
    zh="商家还没有报备转账场景，暂时不能转到微信零钱",
    en="The merchant has not registered the scene of its transfers yet",
)
PAYOUT_TERMS_UNLAWFUL = refusal(
    "payout_terms_unlawful",
    422,
    zh="提现规则超出规定的限额（{rules}）：每人每天最多 10 笔、2,000 元，报备转账场景后 20,000 元，"
    "全部提现不超过商户号的单日额度；转到微信零钱须先报备场景",
    en="These terms are above the limits that hold ({rules}): 10 times and 2,000 CNY to a person a"
    " day, 20,000 CNY under a registered scene, all within the account's quota of a day; transfers"
    " to WeChat need a registered scene",
)
NO_SUCH_DEBT = refusal("debt_not_found", 404, zh="没有这笔欠款", en="There is no such debt")
NO_SUCH_PAYOUT = refusal("payout_not_found", 404, zh="没有这笔提现", en="There is no such payout")
PAYOUT_STATE = refusal(
    "payout_state",
    409,
    zh="提现当前状态（{state}）不能这样操作",
    en="A payout that is {state} does not allow that",
)
PAYOUT_OWN = refusal(
    "payout_own",
    403,
    zh="发起人不能审批自己的提现",
    en="Who asked for a payout cannot approve it",
)
PAYOUT_SAME_HAND = refusal(
    "payout_same_hand",
    403,
    zh="同意这笔提现的人不能再登记打款，请另一位成员登记；只有您一人时，请先邀请一位成员，"
    "或拒绝这笔并请客户分次提现，每次不超过 {limit_minor} 分",
    en="Who approved it cannot also write down that it was paid: somebody else has to. If there is"
    " nobody else, invite a member, or turn it down and have it asked for in sums of up to"
    " {limit_minor} minor units",
)
PAYOUT_TERMS_SAME_HAND = refusal(
    "payout_terms_same_hand",
    403,
    zh="调高限额要由另一位成员确认",
    en="Somebody else has to confirm higher limits",
)
NO_TERMS_ASKED = refusal(
    "payout_terms_not_asked",
    409,
    zh="没有等待确认的提现规则",
    en="No terms wait for a confirmation",
)
POINTS_SHORT = refusal(
    "points_short", 409, zh="积分不足，您有 {left} 分", en="Not enough points: you have {left}"
)
NO_SUCH_ITEM = refusal(
    "exchange_item_not_found", 404, zh="没有这件兑换品", en="This is not on the exchange shelf"
)
NO_SUCH_GIFT = refusal(
    "gift_not_found", 404, zh="没有这份礼品，或已失效", en="There is no such gift, or it is over"
)
GIFT_TAKEN = refusal(
    "gift_taken", 409, zh="这份礼品已申请寄送或已领取", en="This gift is asked for or taken already"
)
CHANNEL_BUDGET_SPENT = refusal(
    "channel_budget_spent",
    409,
    zh="该渠道的奖励预算已用完",
    en="The rewards set aside for this channel are used up",
)
NO_SUCH_PLAN = refusal("plan_not_found", 404, zh="没有这个预算计划", en="There is no such plan")
PLAN_SPENT = refusal(
    "plan_spent",
    409,
    zh="预算计划中未分配的金额不足",
    en="The plan has not that much left to set aside",
)
PLAN_BELOW_SET_ASIDE = refusal(
    "plan_below_set_aside",
    409,
    zh="计划总额不能低于已分配给活动的金额",
    en="A plan cannot be less than what is set aside for its campaigns",
)
