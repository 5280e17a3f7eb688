"""The ways a one-time code is refused."""

from banyan.kernel.errors import Refusal, refusal

CODE_WRONG = refusal(
    "code_wrong",
    422,
    zh="验证码不对，还可以试 {tries_left} 次",
    en="That code is not right; {tries_left} tries left",
)
CODE_USED = refusal(
    "code_used", 422, zh="这个验证码已用过，请重新获取", en="This code was used; ask for a new one"
)
CODE_EXPIRED = refusal(
    "code_expired", 422, zh="验证码已过期，请重新获取", en="The code has expired; ask for a new one"
)
CODE_EXHAUSTED = refusal(
    "code_exhausted",
    422,
    zh="错误次数太多，请重新获取验证码",
    en="Too many wrong tries; ask for a new code",
)
CODES_SPENT = refusal(
    "codes_spent",
    429,
    zh="这个手机号今天获取验证码的次数已用完，请明天再试",
    en="No more codes for this number today; try again tomorrow",
)

CODE_REFUSALS: tuple[Refusal, ...] = (CODE_WRONG, CODE_USED, CODE_EXPIRED, CODE_EXHAUSTED)
