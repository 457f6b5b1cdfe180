"""One way to fold text for search, in SQL, so that what is stored and what is asked can never differ.

`i2a_fold` = NFKD, accents off, lower case, everything but letters and digits to single spaces; NFD typing finds NFC
names (T-07), "lukasz" finds "Łukasz", "النجار" finds "النجّار".
"""

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import BooleanField, Func, TextField


class Fold(Func):
    function = "i2a_fold"
    output_field = TextField()


class Words(Func):
    """The folded words of a text as a tsvector: prefix search by any word (performance notes §8.2)."""

    function = "i2a_words"
    output_field = SearchVectorField()


class Prefixes(Func):
    """What is asked, as a query against `Words`: each folded word begins a stored one. Nothing finds nothing."""

    function = "i2a_prefixes"
    output_field = SearchQueryField()


class WholeWords(Func):
    """All words of a folded text, as they are."""

    template = "plainto_tsquery('simple', %(expressions)s)"
    output_field = SearchQueryField()


class Skeleton(Func):
    """Roughly how a folded word sounds."""

    function = "i2a_skeleton"
    output_field = TextField()


class HasWords(Func):
    """`words @@ prefixes`."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Alike(Func):
    """`text % text`: similar by their trigrams, more than `pg_trgm.similarity_threshold`."""

    template = "%(expressions)s"
    arg_joiner = " %% "
    output_field = BooleanField()


class Unindexed(Func):
    """The same words, so that the planner looks at the few rows it already has instead of asking the index again."""

    template = "(%(expressions)s || '')"
    output_field = SearchVectorField()


class Digits(Func):
    """Only the digits and the spaces between numbers."""

    function = "i2a_digits"
    output_field = TextField()


CREATE = r"""
CREATE FUNCTION i2a_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT trim(regexp_replace(
        lower(public.unaccent('public.unaccent'::regdictionary,
            regexp_replace(normalize(value, NFKD), '[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0640]', '', 'g'))),
        '[^[:alnum:]]+', ' ', 'g'))
$$;
CREATE FUNCTION i2a_words(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT array_to_tsvector(array_remove(string_to_array(public.i2a_fold(value), ' '), ''))
$$;
CREATE FUNCTION i2a_digits(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT trim(regexp_replace(value, '[^0-9 ]', '', 'g'))
$$;
"""  # noqa: E501

DROP = """
DROP FUNCTION i2a_digits(text);
DROP FUNCTION i2a_words(text);
DROP FUNCTION i2a_fold(text);
"""

CREATE_PREFIXES = r"""
CREATE FUNCTION i2a_prefixes(value text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT replace(regexp_replace(public.i2a_fold(value), '([^ ]+)', '\1:*', 'g'), ' ', ' & ')::tsquery
$$;
"""
DROP_PREFIXES = "DROP FUNCTION i2a_prefixes(text)"
