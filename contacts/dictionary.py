"""The dictionary of name words, in SQL: how a misspelt name is found without reading the contacts (performance §8.2).

A hundred thousand contacts have some thousand different words. What was typed is compared with these, and the nearest
are then looked for in the index of words. A trigger adds the words of new and changed contacts. It counts no bearers,
which would lock the row of every common name; so a word outlives its last bearer, until `forget_unused_words` at night.
"""

from django.db import connection

# "mohammed" and "muhammad", "yusuf" and "youssef", "kovalenko" and "kovalneko" have one skeleton: the consonants
# without h, those that sound alike as one, in the order of writing. A word in another script is its own.
CREATE_SKELETON = r"""
CREATE FUNCTION i2a_skeleton(word text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT left(heard, 1) || translate(substr(heard, 2), 'aeiouh', '')
    FROM translate(replace(replace(replace(word, 'sch', 'sh'), 'dt', 't'), 'ph', 'f'), 'cqzwy', 'kksvi') AS one_letter,
        regexp_replace(regexp_replace(one_letter, '(.)\1+', '\1', 'g'), '^[aeiou]+', 'a') AS heard
$$;
"""
DROP_SKELETON = "DROP FUNCTION i2a_skeleton(text)"

# Numbers are mistyped, not misspelt. The order makes two transactions with the same new words wait for each other
# instead of locking each other out.
LEARN = """
INSERT INTO contacts_nameword (word)
SELECT DISTINCT word FROM {contacts} AS contact, unnest(tsvector_to_array(contact.words)) AS word
WHERE word ~ '^[^0-9]{{2,40}}$' ORDER BY word
ON CONFLICT DO NOTHING
"""
FORGET = """
DELETE FROM contacts_nameword AS known WHERE NOT EXISTS (
    SELECT FROM (SELECT unnest(tsvector_to_array(words)) AS word FROM contacts_contact) AS used
    WHERE used.word = known.word
)
"""

# Of each word typed at most eight of the dictionary, or the beginning as it stands. Each index is asked on its own, and
# only what is near enough is compared by trigrams. That is much dearer than the planner believes, hence no sequential
# scan.
CREATE_MISSPELT = """
CREATE OR REPLACE FUNCTION i2a_misspelt(asked text) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE STRICT
SET enable_seqscan = off AS $$
    SELECT string_agg('(' || concat_ws(' | ', term || ':*', near) || ')', ' & ')::tsquery
    FROM (
        SELECT term, public.i2a_skeleton(term) AS sound, greatest(2, length(term) / 3) AS most_edits
        FROM unnest(string_to_array(public.i2a_fold(asked), ' ')) AS term WHERE term <> '' OFFSET 0
    ) AS typed, LATERAL (
        SELECT string_agg(word, ' | ') AS near FROM (
            SELECT word FROM (
                SELECT word, 1 AS sounds_same FROM contacts_nameword WHERE skeleton = sound
                UNION ALL SELECT word, 0 FROM contacts_nameword WHERE word % term AND skeleton <> sound
            ) AS candidate, LATERAL (SELECT levenshtein(word, left(term, 40)) AS edits OFFSET 0) AS measured
            WHERE sounds_same = 1 OR edits <= most_edits
            ORDER BY edits - sounds_same - similarity(word, term), word LIMIT 8
        ) AS nearest
    ) AS likely
$$;
"""
CREATE_DICTIONARY = (
    """
CREATE FUNCTION i2a_learn_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    LEARN;
    RETURN NULL;
END $$;
CREATE TRIGGER contact_words_of_new AFTER INSERT ON contacts_contact
    REFERENCING NEW TABLE AS saved FOR EACH STATEMENT EXECUTE FUNCTION i2a_learn_words();
CREATE TRIGGER contact_words_of_changed AFTER UPDATE ON contacts_contact
    REFERENCING NEW TABLE AS saved FOR EACH STATEMENT EXECUTE FUNCTION i2a_learn_words();
""".replace("LEARN", LEARN.format(contacts="saved"))
    + CREATE_MISSPELT
)
DROP_DICTIONARY = """
DROP FUNCTION i2a_misspelt(text);
DROP TRIGGER contact_words_of_changed ON contacts_contact;
DROP TRIGGER contact_words_of_new ON contacts_contact;
DROP FUNCTION i2a_learn_words();
"""


def forget_unused_words() -> int:
    """Take out the words no contact has any more: the names of people who were renamed or erased. How many they were.

    Whoever is saved meanwhile may lose a word that somebody else just gave up, so all words are learnt once more.
    """
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        forgotten: int = cursor.rowcount
        cursor.execute(LEARN.format(contacts="contacts_contact"))
    return forgotten
