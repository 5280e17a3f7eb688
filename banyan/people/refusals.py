"""The ways people say no."""

from banyan.kernel.errors import refusal

PHONE_INVALID = refusal(
    "phone_invalid",
    422,
    zh="请填写正确的手机号",
    en="Enter a valid mobile number",
)
