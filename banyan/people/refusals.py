"""The ways people say no."""

from banyan.kernel.errors import refusal

BIRTHDAY_INVALID = refusal(
    "birthday_invalid",
    422,
    zh="请填写正确的月和日",
    en="Enter a month and a day that exist",
)
BIRTHDAY_FIXED = refusal(
    "birthday_fixed",
    409,
    zh="生日一年内只能改一次",
    en="A birthday can be changed once a year",
)
PHONE_INVALID = refusal(
    "phone_invalid",
    422,
    zh="请填写正确的手机号",
    en="Enter a valid mobile number",
)
