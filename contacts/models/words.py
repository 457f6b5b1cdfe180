from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from contacts.folding import Skeleton


class NameWord(models.Model):
    """A word of somebody's name or organisation: what a misspelt word is compared with, instead of with every contact.

    Kept by a trigger, see `contacts.dictionary`. `skeleton` is roughly how it sounds.
    """

    word = models.TextField(primary_key=True)
    skeleton = models.GeneratedField(
        expression=Skeleton(models.F("word")), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        indexes = [
            GinIndex(OpClass("word", "gin_trgm_ops"), name="name_word_trigrams", fastupdate=False),
            models.Index(fields=["skeleton"], name="name_word_skeleton"),
        ]

    def __str__(self) -> str:
        return "word of a name"  # never the word: it is personal data
