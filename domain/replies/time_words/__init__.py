"""Define the words of times and of commitments in each language that we answer in."""

from domain.replies.time_words.english import EN
from domain.replies.time_words.germanic import DE, NL
from domain.replies.time_words.others import AR, JA, PL, TR
from domain.replies.time_words.romance import ES, FR, IT, PT
from domain.replies.time_words.vocabulary import TimeWords

LANGUAGES: tuple[TimeWords, ...] = (EN, ES, FR, DE, PT, IT, NL, PL, TR, JA, AR)

__all__ = ["LANGUAGES", "TimeWords"]
