"""The ways workspaces say no."""

from banyan.kernel.errors import refusal

SIGN_IN_FAILED = refusal(
    "sign_in_failed", 401, zh="邮箱或密码不对", en="The e-mail or the password is wrong"
)
MEMBER_NEEDED = refusal(
    "member_needed",
    403,
    zh="要由一位成员本人来做，接口密钥不行",
    en="A member has to do this in person; an API key cannot",
)
EMAIL_TAKEN = refusal(
    "email_taken",
    409,
    zh="这个邮箱已经是成员",
    en="Somebody with this e-mail is already a member",
)
LAST_OWNER = refusal(
    "last_owner",
    409,
    zh="至少要留一位所有者",
    en="A workspace keeps at least one owner",
)
SCOPE_TOO_WIDE = refusal(
    "scope_too_wide",
    403,
    zh="不能给密钥你自己没有的权限：{scope}",
    en="A key cannot have a permission that you lack: {scope}",
)
WEAK_PASSWORD = refusal(
    "weak_password",
    422,
    zh="密码至少 10 个字符，且不能是邮箱或常见密码",
    en="A password has at least 10 characters and is neither the e-mail nor a common one",
)
SLUG_TAKEN = refusal(
    "slug_taken", 409, zh="这个标识已被使用", en="This short name is already in use"
)
