"""Invoices as PDF, with Chinese text from a font that a package ships. Pure but for the font."""

import json
from functools import cache
from importlib import resources

import manimgx_fonts_cjk
import typst

from banyan.store.invoice_views import InvoiceLine, InvoiceView

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "兆")
_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "HKD": "HK$"}
_HUNDRED, _TEN, _GROUP = 100, 10, 10_000

FOOT = (
    "本凭证由商家开具，内容与订单一致。税务机关赋予的发票号码见“发票号码”栏；未填写的，"
    "为开票信息凭据，以税务数字账户中的数电票为准。"
)


def invoice_pdf(invoice: InvoiceView, seller: dict[str, str]) -> bytes:
    """Return the PDF of an issued invoice or red letter: the same invoice, the same bytes."""
    if invoice.issued_at is None:
        msg = "only what is issued has a PDF"
        raise ValueError(msg)
    return typst.compile(
        _template(),
        font_paths=_fonts(),
        sys_inputs={"said": json.dumps(_said(invoice, seller), ensure_ascii=False)},
        timestamp=invoice.issued_at.replace(microsecond=0),
    )


def _said(invoice: InvoiceView, seller: dict[str, str]) -> dict[str, object]:
    note = ""
    if invoice.is_red:
        note = f"红字：冲销原发票。原因：{invoice.reason or ''}"
    elif invoice.state == "voided":
        note = "本发票已由红字发票冲销，作废。"
    return {
        "is_red": invoice.is_red,
        "heading": "红字发票" if invoice.is_red else "发票",
        "heading_en": "Red-letter invoice" if invoice.is_red else "Invoice",
        "number": invoice.number or "",
        "issued_on": f"{invoice.issued_at:%Y-%m-%d}",
        "order": invoice.order.number,
        "tax_authority_number": invoice.tax_authority_number or "—",
        "title": invoice.title,
        "tax_number": invoice.tax_number or "—",
        "seller": seller.get("name", ""),
        "contact": seller.get("contact") or "—",
        "lines": [_line(line, invoice.currency) for line in invoice.lines],
        "amount": money(invoice.amount_minor, invoice.currency),
        "in_words": in_words(invoice.amount_minor) if invoice.currency == "CNY" else "—",
        "note": note,
        "foot": FOOT,
    }


def _line(line: InvoiceLine, currency: str) -> dict[str, str]:
    return {
        "name": line.name,
        "kind": "；".join(f"{name}:{value}" for name, value in line.attributes.items()),
        "quantity": str(line.quantity),
        "amount": money(line.amount_minor, currency),
    }


def money(minor: int, currency: str) -> str:
    """Return an amount as it is printed: "¥1,234.50", a negative one with its sign before."""
    whole, rest = divmod(abs(minor), _HUNDRED)
    return f"{'-' if minor < 0 else ''}{_SIGNS.get(currency, currency + ' ')}{whole:,}.{rest:02d}"


def in_words(minor: int) -> str:
    """Return an amount of yuan in the capital numerals that cannot be altered by a stroke."""
    yuan, rest = divmod(abs(minor), _HUNDRED)
    jiao, fen = divmod(rest, _TEN)
    said = "负" if minor < 0 else ""
    if yuan or not rest:
        said += f"{_whole(yuan)}元"
    if not rest:
        return f"{said}整"
    if jiao:
        said += f"{_DIGITS[jiao]}角"
    elif yuan:
        said += _DIGITS[0]
    return f"{said}{_DIGITS[fen]}分" if fen else f"{said}整"


def _whole(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    groups: list[int] = []
    while number:
        number, group = divmod(number, _GROUP)
        groups.append(group)
    said = ""
    for nth in range(len(groups) - 1, -1, -1):
        group = groups[nth]
        if group:
            # A gap inside the number is said once, as one zero.
            if said and (group < _GROUP // _TEN or groups[nth + 1] == 0):
                said += _DIGITS[0]
            said += _group(group) + _GROUPS[nth]
    return said


def _group(group: int) -> str:
    said, gap = "", False
    for place in range(len(_PLACES) - 1, -1, -1):
        digit = group // _TEN**place % _TEN
        if digit:
            said += (_DIGITS[0] if gap and said else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return said


@cache
def _template() -> bytes:
    return resources.files("banyan.store").joinpath("invoice.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    folder = str(resources.files(manimgx_fonts_cjk))
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
