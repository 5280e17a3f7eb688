"""Search: products whose words hold what somebody types, Chinese without spaces included.

Every pair of neighbouring letters of a product is a term (`product_terms`). A search asks for the
products that have all terms of the words typed, then looks whether they stand there together.
"""

from banyan.store.wording import search_form, terms_of

WORDS_MOST = 60

# `%(terms)s` holds the pairs of what is typed; a single letter has none and is looked for in turn.
FOUND = """
  and (cardinality(%(terms)s::text[]) = 0 or p.id in (
    select t.product_id from product_terms t
    where t.workspace_id = %(workspace)s and t.term = any(%(terms)s)
    group by t.product_id having count(*) = cardinality(%(terms)s::text[])
  ))
  and strpos(p.search_text, %(typed)s) > 0
"""


def asked(typed: str) -> dict[str, object]:
    """Return the parameters of `FOUND` for what somebody typed; more than 60 letters are not read."""
    form = search_form(typed[: 4 * WORDS_MOST])[:WORDS_MOST].strip()
    return {"typed": form, "terms": sorted(terms_of(form))}
