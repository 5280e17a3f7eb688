"""The ways the catalogue, the carts and the invoices say no."""

from banyan.kernel.errors import refusal

NO_SUCH_SHOP = refusal("shop_not_found", 404, zh="没有找到这个店铺", en="There is no such shop")
SLUG_TAKEN = refusal(
    "shop_slug_taken", 409, zh="这个店铺地址已被使用", en="This shop address is taken"
)
NO_SUCH_CATEGORY = refusal(
    "category_not_found", 404, zh="没有找到这个分类", en="There is no such category"
)
CATEGORY_TAKEN = refusal(
    "category_taken", 409, zh="已有同名分类", en="There is a category of that name already"
)
CATEGORY_IN_USE = refusal(
    "category_in_use",
    409,
    zh="还有 {products} 个商品在这个分类里，请先移走",
    en="{products} products are in this category; move them first",
)
NO_SUCH_PRODUCT = refusal(
    "product_not_found", 404, zh="没有找到这个商品", en="There is no such product"
)
NOT_A_DRAFT = refusal(
    "product_not_draft",
    409,
    zh="只有草稿可以删除，上架过的商品请下架",
    en="Only a draft can be deleted; withdraw a product that was published",
)
NOT_READY = refusal(
    "product_not_ready",
    422,
    zh="商品还不能上架：{first}",
    en="The product cannot be published yet: {first}",
)
NO_SUCH_DISCOUNT = refusal(
    "discount_not_found", 404, zh="没有找到这个优惠", en="There is no such discount"
)
DISCOUNT_EMPTY = refusal(
    "discount_empty", 422, zh="请填写减多少或打几折", en="Say how much is taken off"
)
DISCOUNT_ABOVE_ORDER = refusal(
    "discount_above_order",
    422,
    zh="减的金额不能超过门槛金额",
    en="No more can be taken off than the order must come to",
)
DISCOUNT_OVER = refusal(
    "discount_over",
    422,
    zh="结束时间要晚于开始时间，也要晚于现在",
    en="The end is after the beginning and after now",
)
WORDS_FORBIDDEN = refusal(
    "words_forbidden",
    422,
    zh="这些词不能给买家看（广告法第九条等），请去掉或改写：{words}",
    en="Buyers may not be shown these words; take them out or put it another way: {words}",
)
SKU_CODE_TAKEN = refusal(
    "sku_code_taken", 409, zh="商家编码 {sku_code} 已被使用", en="SKU code {sku_code} is taken"
)
SKUS_ALIKE = refusal(
    "skus_alike", 422, zh="两个规格完全相同", en="Two SKUs have the same attributes"
)
STOCK_CHANGE_INVALID = refusal(
    "stock_change_invalid",
    422,
    zh="请填写库存数量或增减数量，二选一",
    en="Give either the quantity or the change of it",
)
REFERENCE_TOO_HIGH = refusal(
    "reference_too_high",
    422,
    zh="划线价不能高于近 7 日最低成交价（{most_minor} 分）",
    en="The crossed-out price may not exceed the lowest deal of the last 7 days ({most_minor})",
)
REFERENCE_WITHOUT_DEAL = refusal(
    "reference_without_deal",
    422,
    zh="还没有成交记录，不能标划线价",
    en="Nothing was sold yet, so nothing can be crossed out",
)
NO_SUCH_PICTURE = refusal(
    "picture_not_found", 404, zh="没有找到这张图片", en="There is no such picture"
)
PICTURE_UNREADABLE = refusal(
    "picture_unreadable",
    422,
    zh="无法读取图片，请上传 JPEG、PNG 或 WebP",
    en="The picture cannot be read; send JPEG, PNG or WebP",
)
PICTURE_TOO_LARGE = refusal(
    "picture_too_large",
    422,
    zh="图片太大：最多 {most_pixels} 像素",
    en="The picture is too large: {most_pixels} pixels at most",
)
PICTURES_FULL = refusal(
    "pictures_full",
    413,
    zh="图片空间已满，请联系平台管理员",
    en="The room for pictures is used up; ask whoever runs this installation",
)
FILE_UNREADABLE = refusal(
    "file_unreadable",
    422,
    zh="无法读取文件，请用 CSV（UTF-8 或 GB18030）或 XLSX",
    en="The file cannot be read; send CSV (UTF-8 or GB18030) or XLSX",
)
FILE_TOO_LONG = refusal(
    "file_too_long",
    422,
    zh="文件太大：最多 {most} 行、{most_columns} 列",
    en="The file is too large: {most} rows and {most_columns} columns at most",
)
FILE_WITHOUT_COLUMNS = refusal(
    "file_without_columns",
    422,
    zh="第一行应为表头，缺少：{missing}",
    en="The first row names the columns; missing: {missing}",
)
COLUMNS_TWICE = refusal(
    "columns_twice", 422, zh="表头有重复的列：{column}", en="A column is there twice: {column}"
)
NO_SUCH_ADDRESS = refusal(
    "address_not_found", 404, zh="没有找到这个地址", en="There is no such address"
)
TOO_MANY_KEPT = refusal(
    "too_many_kept", 409, zh="最多保存 {most} 个", en="At most {most} can be kept"
)
OWN_SHOP_EXISTS = refusal(
    "own_shop_exists", 409, zh="你已经有一个店铺", en="You have a shop already"
)
NO_SUCH_INVOICE = refusal(
    "invoice_not_found", 404, zh="没有找到这张发票", en="There is no such invoice"
)
INVOICE_TOO_HIGH = refusal(
    "invoice_exceeds",
    409,
    zh="可开票金额不足（已付减已退减已开）",
    en="Nothing is left to invoice (captured less refunded less invoiced)",
)
INVOICE_STATE = refusal(
    "invoice_state",
    409,
    zh="发票当前状态（{state}）不能这样做",
    en="An invoice that is {state} does not allow this",
)
INVOICE_OPEN = refusal(
    "invoice_open", 409, zh="这个订单已有待开的发票", en="This order has an open request already"
)
TAX_NUMBER_NEEDED = refusal(
    "tax_number_needed",
    422,
    zh="企业抬头需要正确的税号（15 至 20 位字母或数字）",
    en="A company needs its tax number, 15 to 20 letters and digits",
)
