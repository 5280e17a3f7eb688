"""Files that members send, over HTTP: pictures, and sheets of products. The body is the file."""

import csv
import io
from typing import Literal
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, RawBody
from litestar.response import Response

from banyan import workspaces
from banyan.store import pictures
from banyan.store.catalogue_views import ImportOutcome, Picture
from banyan.store.importing.products import import_products
from banyan.store.importing.rows import COLUMNS
from banyan.store.importing.sheets import CSV_TYPES, FILE_MOST_BYTES, XLSX_TYPE, read_sheet
from banyan.workspaces import Caller

READ = {"audience": "member", "permission": "store.read"}
PICTURES = {
    "audience": "member",
    "permission": "store.write",
    "accepts": ("image/jpeg", "image/png", "image/webp"),
}
SHEETS = {
    "audience": "member",
    "permission": "store.write",
    "accepts": (*(each for each in CSV_TYPES if each != "text/plain"), XLSX_TYPE),
}

EXAMPLE = {
    "name": "手冲挂耳咖啡 10 包",
    "price": "59.00",
    "code": "COFFEE-DRIP-10",
    "category": "咖啡",
    "attributes": "口味:坚果;包装:10包",
    "stock": "200",
    "cost": "28.00",
    "weight": "150",
    "most": "5",
    "summary": "坚果与可可，一杯刚好",
    "description": "中度烘焙，独立充氮包装。",
    "keywords": "挂耳 手冲 咖啡",
}


@post(
    "/api/admin/pictures",
    opt=PICTURES,
    request_max_body_size=pictures.UPLOAD_MOST_BYTES,
    sync_to_thread=True,
)
def upload_picture(caller: NamedDependency[Caller], body: RawBody) -> Picture:
    """Make a picture of the file in the body. The same file again is the same picture."""
    with caller.work() as work:
        if known := pictures.known_picture(work, body):
            return known
        pictures.must_have_room(work)
    # Drawn and kept outside a transaction: it takes a while, and files are no part of one.
    made = pictures.drawn(body)
    pictures.keep_files(caller.workspace_id, body, made)
    with caller.work() as work:
        return pictures.add_picture(work, body, made)


@post(
    "/api/admin/products/import",
    opt=SHEETS,
    status_code=200,
    request_max_body_size=FILE_MOST_BYTES,
    sync_to_thread=True,
)
def import_sheet(
    caller: NamedDependency[Caller],
    body: RawBody,
    shop_id: FromQuery[UUID],
    dry_run: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter
) -> ImportOutcome:
    """Take the sheet in the body into a shop, or (`dry_run`) say what would happen."""
    sheet = read_sheet(body)
    with caller.work() as work:
        outcome = import_products(work, shop_id, sheet, dry_run=dry_run)
        if not dry_run:
            detail = {"made": outcome.made, "changed": outcome.changed, "rows": outcome.rows}
            workspaces.audit(work, "store.products_imported", str(shop_id), detail)
        return outcome


@get("/api/admin/products/import/template.csv", opt=READ, sync_to_thread=False)
def read_template(
    caller: NamedDependency[Caller], lang: FromQuery[Literal["zh", "en"] | None] = None
) -> Response[bytes]:
    """Return a sheet to fill in: its heads, and one row as an example."""
    is_english = (lang or caller.language) == "en"
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow([column.en if is_english else column.zh for column in COLUMNS])
    writer.writerow([EXAMPLE[column.key] for column in COLUMNS])
    return Response(
        # The mark tells spreadsheets that this is UTF-8.
        ("\ufeff" + made.getvalue()).encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="products.csv"'},
    )


routes = [upload_picture, import_sheet, read_template]
