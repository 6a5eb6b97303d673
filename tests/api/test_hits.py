from api.cli.hits import Page, read_words, reason, summary
from api.cli.terminal import columns, harmless, lines
from search.types import Match, ReadAs, Reading, SearchRequest
from tests.api.fakes import FakeSearcher

ANSWER = FakeSearcher().search(SearchRequest(q="corridor"))


def test_a_hit_without_colours() -> None:
    assert Page(colour=False, width=0, latin=False).draw(ANSWER).splitlines() == [
        "  1 0.50 hi रूस दौरा — परिवहन गलियारा",
        "    चेन्नई-व्लादिवोस्तोक मार्ग पर बातचीत हुई। इस गलियारे से समय घटेगा।",
        "    hi/russia:5 · 2023-12-29 · hi/russia.txt",
        "    why: corridor → गलियारे (translation 100 %)",
    ]


def test_a_highlight_is_coloured_by_its_kind() -> None:
    assert "इस \x1b[1;35mगलियारे\x1b[0m से" in Page(colour=True, width=0, latin=False).draw(ANSWER)


def test_a_highlight_that_spans_a_line_break_goes_on() -> None:
    drawn = Page(colour=True, width=24, latin=True).draw(ANSWER)
    assert "\x1b[1;35mgaliyare\x1b[0m" in drawn
    assert all(columns(line) < 60 for line in drawn.splitlines())


def test_a_passage_cannot_command_the_terminal() -> None:
    drawn = Page(colour=False, width=80, latin=False).draw(FakeSearcher().search(SearchRequest(q="rover")))
    assert "\x1b" not in drawn and "\ufffd[31mred" in drawn
    assert harmless("a\u202eb\x07\tc") == "a\ufffdb\ufffd c"


def test_lines_break_at_spaces_by_columns_not_letters() -> None:
    text = "हिंदी हिंदी हिंदी"
    assert (len(text), columns(text)) == (17, 14)
    assert [text[start:end] for start, end in lines(text, 9)] == ["हिंदी हिंदी", "हिंदी"]
    assert [text[start:end] for start, end in lines("abcdefgh a", 3)] != []


def test_without_a_limit_only_line_breaks_break_lines() -> None:
    assert lines("a b\n\nc", None) == [(0, 3), (5, 6)]


def test_reasons_in_a_few_words() -> None:
    assert reason(Match("corridor", "गलियारे", "translation", 0.216)) == "corridor → गलियारे (translation 22 %)"
    assert reason(Match("corridor", "गलियारे", "translation", 0.216), latin=True).startswith(
        "corridor → galiyare"
    )
    assert reason(Match("UPI", "upi", "word", 0.5)) == "upi (word 50 %)"
    assert reason(Match("", "", "meaning", 0.5)) == "meaning 50 %"


def test_the_summary_counts() -> None:
    assert summary(ANSWER) == "1 of 1 in 1.2 ms · 4 passages, encoder bridge"


def test_a_romanised_query_is_shown_as_it_was_read() -> None:
    tokens = (Reading("mukt", "hi-Latn", ("मुक्त",)), Reading("trade", "en"))
    assert read_words(ReadAs("latn", "hi-Latn", "", 1.0, tokens)) == "मुक्त trade"
